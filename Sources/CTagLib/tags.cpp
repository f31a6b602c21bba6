#include "CTagLib.h"

#include "ASFOrder.hpp"
#include "DescriptorStream.hpp"
#include "Format.hpp"
#include "Packer.hpp"
#include "TagFields.hpp"

#include <taglib/aifffile.h>
#include <taglib/apefile.h>
#include <taglib/apetag.h>
#include <taglib/asffile.h>
#include <taglib/flacfile.h>
#include <taglib/id3v1genres.h>
#include <taglib/id3v1tag.h>
#include <taglib/id3v2framefactory.h>
#include <taglib/id3v2tag.h>
#include <taglib/mp4file.h>
#include <taglib/mpcfile.h>
#include <taglib/mpegfile.h>
#include <taglib/oggflacfile.h>
#include <taglib/oggpageheader.h>
#include <taglib/opusfile.h>
#include <taglib/speexfile.h>
#include <taglib/taglib.h>
#include <taglib/trueaudiofile.h>
#include <taglib/vorbisfile.h>
#include <taglib/wavfile.h>
#include <taglib/wavpackfile.h>
#include <taglib/xiphcomment.h>

#include <cstring>
#include <new>

namespace sillon {

using namespace TagLib;

static bool isADTS(DescriptorStream &stream, MPEG::File &file) {
    char head[2];
    long start = file.hasID3v2Tag() ? static_cast<long>(file.ID3v2Tag()->header()->completeTagSize()) : 0;
    return stream.readAt(start, head, sizeof head) == sizeof head && static_cast<uint8_t>(head[0]) == 0xFF
        && (static_cast<uint8_t>(head[1]) & 0xF6) == 0xF0;
}

static void readMPEG(DescriptorStream &stream, std::string_view extension, Packer &packer) {
    MPEG::File file(&stream, ID3v2::FrameFactory::instance());
    packID3v2(packer, file.ID3v2Tag());
    packAPE(packer, file.APETag());
    packID3v1(packer, file.ID3v1Tag());
    auto *properties = file.audioProperties();
    packer.properties(properties, 0);
    int layer = properties ? properties->layer() : 0;
    packer.codec = layer == 1 ? "mp1" : layer == 2 ? "mp2" : "mp3";
    // TagLib takes ADTS for MPEG and finds no frame in it.
    packer.isUnmeasured = (extension == "aac" || layer == 0) && isADTS(stream, file);
    if (packer.isUnmeasured) {
        packer.properties(nullptr, 0);
        packer.codec.clear();
    }
}

static void readFLAC(DescriptorStream &stream, Packer &packer) {
    FLAC::File file(&stream, ID3v2::FrameFactory::instance());
    packPictures(packer, file.pictureList());
    packXiph(packer, file.xiphComment());
    packID3v2(packer, file.ID3v2Tag());
    packID3v1(packer, file.ID3v1Tag());
    packer.properties(file.audioProperties(), file.audioProperties() ? file.audioProperties()->bitsPerSample() : 0);
    packer.codec = "flac";
}

template <typename File> static void readOgg(DescriptorStream &stream, const char *codec, Packer &packer) {
    File file(&stream);
    if (!file.isValid()) return;
    packXiph(packer, file.tag());
    packer.properties(file.audioProperties(), 0);
    packer.codec = codec;
}

// An encoder that writes to a pipe leaves the number of samples open; the last page knows it.
static void readOggFLAC(DescriptorStream &stream, Packer &packer) {
    Ogg::FLAC::File file(&stream);
    if (!file.isValid()) return;
    packXiph(packer, file.tag());
    auto *properties = file.audioProperties();
    packer.properties(properties, properties ? properties->bitsPerSample() : 0);
    packer.codec = "flac";
    if (!properties || properties->lengthInMilliseconds() != 0 || properties->sampleRate() <= 0) return;
    const Ogg::PageHeader *last = file.lastPageHeader();
    if (last && last->absoluteGranularPosition() > 0)
        packer.duration(static_cast<int64_t>(last->absoluteGranularPosition()) / properties->sampleRate() * 1000
            + static_cast<int64_t>(last->absoluteGranularPosition()) % properties->sampleRate() * 1000
                / properties->sampleRate());
}

static void readMP4(DescriptorStream &stream, Packer &packer) {
    MP4::File file(&stream);
    if (!file.isValid()) return;
    packMP4(packer, file.tag());
    auto *properties = file.audioProperties();
    if (!properties) return;
    bool isLossless = properties->codec() == MP4::Properties::ALAC;
    // The sample entry of a lossy codec carries a meaningless 16.
    packer.properties(properties, isLossless ? properties->bitsPerSample() : 0);
    packer.codec = isLossless ? "alac" : properties->codec() == MP4::Properties::AAC ? "aac" : "mp4";
    packer.hasAudio = properties->sampleRate() != 0 || properties->channels() != 0;
}

static void readASF(DescriptorStream &stream, Packer &packer) {
    ASF::File file(&stream);
    if (!file.isValid()) return;
    packASF(packer, file.tag(), ASFOrder(stream));
    packer.properties(file.audioProperties(), file.audioProperties() ? file.audioProperties()->bitsPerSample() : 0);
    packer.codec = "wma";
}

static void readWAV(DescriptorStream &stream, Packer &packer) {
    RIFF::WAV::File file(&stream);
    if (!file.isValid()) return;
    if (file.hasID3v2Tag()) packID3v2(packer, file.ID3v2Tag());
    if (file.hasInfoTag()) packInfo(packer, file.InfoTag());
    packer.properties(file.audioProperties(), file.audioProperties() ? file.audioProperties()->bitsPerSample() : 0);
    packer.codec = "wav";
}

// TagLib keeps the text chunks of AIFF (NAME, AUTH, ANNO, "(c) ") to itself.
class AIFFChunks : public RIFF::AIFF::File {
public:
    explicit AIFFChunks(IOStream *stream) : RIFF::AIFF::File(stream) {}

    void packTexts(Packer &packer) {
        for (unsigned i = 0; i < chunkCount(); i++) {
            const ByteVector name = chunkName(i);
            bool isText = name == "NAME" || name == "AUTH" || name == "ANNO" || name == "(c) ";
            if (!isText || chunkDataSize(i) > SILLON_TAG_VALUE_BYTES_MAX) continue;
            const ByteVector data = chunkData(i);
            // The standard says ASCII, encoders write UTF-8, old files have the eighth bit of their own.
            String utf8(data, String::UTF8);
            const String &text = utf8.isEmpty() ? String(data, String::Latin1) : utf8;
            packer.field(SILLON_SOURCE_RIFF_INFO, std::string_view(name.data(), name.size()), text);
        }
    }
};

static void readAIFF(DescriptorStream &stream, Packer &packer) {
    AIFFChunks file(&stream);
    if (!file.isValid()) return;
    if (file.hasID3v2Tag()) packID3v2(packer, file.tag());
    file.packTexts(packer);
    packer.properties(file.audioProperties(), file.audioProperties() ? file.audioProperties()->bitsPerSample() : 0);
    packer.codec = "aiff";
}

static void readAPE(DescriptorStream &stream, Packer &packer) {
    APE::File file(&stream);
    packAPE(packer, file.APETag());
    packID3v1(packer, file.ID3v1Tag());
    packer.properties(file.audioProperties(), file.audioProperties() ? file.audioProperties()->bitsPerSample() : 0);
    packer.codec = "ape";
}

static void readWavPack(DescriptorStream &stream, Packer &packer) {
    WavPack::File file(&stream);
    packAPE(packer, file.APETag());
    packID3v1(packer, file.ID3v1Tag());
    packer.properties(file.audioProperties(), file.audioProperties() ? file.audioProperties()->bitsPerSample() : 0);
    packer.codec = "wavpack";
}

static void readMusepack(DescriptorStream &stream, Packer &packer) {
    MPC::File file(&stream);
    packAPE(packer, file.APETag());
    packID3v1(packer, file.ID3v1Tag());
    packer.properties(file.audioProperties(), 0);
    packer.codec = "musepack";
}

// Where the footer of an APE tag stands at the end of a file, before an ID3v1 tag if there is one; -1 for none.
static long footerOfAPE(DescriptorStream &stream, bool hasID3v1) {
    static constexpr long footerSize = 32, id3v1Size = 128;
    long footer = stream.length() - (hasID3v1 ? id3v1Size : 0) - footerSize;
    char magic[8];
    bool isThere = footer >= 0 && stream.readAt(footer, magic, sizeof magic) == sizeof magic
        && memcmp(magic, "APETAGEX", sizeof magic) == 0;
    return isThere ? footer : -1;
}

// TagLib knows the two ID3 tags here; players write APE tags, too.
static void readTrueAudio(DescriptorStream &stream, Packer &packer) {
    TrueAudio::File file(&stream, ID3v2::FrameFactory::instance());
    packID3v2(packer, file.ID3v2Tag());
    long footer = footerOfAPE(stream, file.hasID3v1Tag());
    if (footer >= 0) {
        APE::Tag tag(&file, footer);
        packAPE(packer, &tag);
    }
    packID3v1(packer, file.ID3v1Tag());
    packer.properties(file.audioProperties(), file.audioProperties() ? file.audioProperties()->bitsPerSample() : 0);
    packer.codec = "tta";
}

static int read(DescriptorStream &stream, std::string_view extension, Packer &packer) {
    switch (detectFormat(stream, extension)) {
    case Format::unknown: return SILLON_TAGS_UNSUPPORTED;
    case Format::mpeg: readMPEG(stream, extension, packer); break;
    case Format::flac: readFLAC(stream, packer); break;
    case Format::oggVorbis: readOgg<Ogg::Vorbis::File>(stream, "vorbis", packer); break;
    case Format::oggOpus: readOgg<Ogg::Opus::File>(stream, "opus", packer); break;
    case Format::oggSpeex: readOgg<Ogg::Speex::File>(stream, "speex", packer); break;
    case Format::oggFlac: readOggFLAC(stream, packer); break;
    case Format::mp4: readMP4(stream, packer); break;
    case Format::asf: readASF(stream, packer); break;
    case Format::wav: readWAV(stream, packer); break;
    case Format::aiff: readAIFF(stream, packer); break;
    case Format::ape: readAPE(stream, packer); break;
    case Format::wavPack: readWavPack(stream, packer); break;
    case Format::musepack: readMusepack(stream, packer); break;
    case Format::trueAudio: readTrueAudio(stream, packer); break;
    case Format::matroska:
    case Format::caf:
    case Format::dsf: packer.isUnmeasured = true; break;
    }
    if (packer.isUnmeasured) return SILLON_TAGS_UNMEASURED;
    return packer.hasAudio ? SILLON_TAGS_OK : SILLON_TAGS_CORRUPT;
}

}  // namespace sillon

extern "C" int sillon_tags_read(
    int fd, const char *extension, size_t cover_bytes_max, const uint8_t **packed, size_t *packed_size
) {
    static thread_local sillon::Packer packer;
    *packed = nullptr;
    *packed_size = 0;
    try {
        packer.reset(cover_bytes_max);
        sillon::DescriptorStream stream(fd);
        int result = sillon::read(stream, extension, packer);
        if (result != SILLON_TAGS_OK && result != SILLON_TAGS_UNMEASURED) return result;
        const std::string &bytes = packer.finish();
        *packed = reinterpret_cast<const uint8_t *>(bytes.data());
        *packed_size = bytes.size();
        return result;
    } catch (const sillon::EndlessRead &) {
        return SILLON_TAGS_ENDLESS;
    } catch (const sillon::ReadError &) {
        return SILLON_TAGS_IO_ERROR;
    } catch (const std::bad_alloc &) {
        return SILLON_TAGS_NO_MEMORY;
    } catch (...) {
        return SILLON_TAGS_CORRUPT;
    }
}

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)
static_assert(TAGLIB_MAJOR_VERSION == 1 || TAGLIB_MAJOR_VERSION == 2, "see sillon_taglib_version");

extern "C" const char *sillon_taglib_version(void) {
    return TEXT(TAGLIB_MAJOR_VERSION) "." TEXT(TAGLIB_MINOR_VERSION);
}

extern "C" const char *sillon_tag_genre(int number) {
    static thread_local std::string text;
    text.clear();
    if (number >= 0) sillon::appendUTF8(text, TagLib::ID3v1::genre(number));
    return text.c_str();
}
