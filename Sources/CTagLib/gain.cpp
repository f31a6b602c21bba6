// Writes ReplayGain into the tag that belongs to each format.
#include "CTagLib.h"

#include "Format.hpp"
#include "WritableStream.hpp"

#include <taglib/aifffile.h>
#include <taglib/apefile.h>
#include <taglib/apetag.h>
#include <taglib/asffile.h>
#include <taglib/flacfile.h>
#include <taglib/id3v2framefactory.h>
#include <taglib/id3v2header.h>
#include <taglib/id3v2tag.h>
#include <taglib/mp4file.h>
#include <taglib/mpcfile.h>
#include <taglib/mpegfile.h>
#include <taglib/oggflacfile.h>
#include <taglib/opusfile.h>
#include <taglib/speexfile.h>
#include <taglib/textidentificationframe.h>
#include <taglib/trueaudiofile.h>
#include <taglib/vorbisfile.h>
#include <taglib/wavfile.h>
#include <taglib/wavpackfile.h>
#include <taglib/xiphcomment.h>

#include <new>
#include <vector>

namespace sillon {

using namespace TagLib;

namespace {

struct Field {
    String name;
    String text;
};

using Fields = std::vector<Field>;

void add(Fields &fields, const char *name, const char *text) {
    if (text) fields.push_back({name, text});
}

Fields replayGain(const sillon_gain_texts &texts) {
    Fields fields;
    add(fields, "REPLAYGAIN_TRACK_GAIN", texts.track_gain);
    add(fields, "REPLAYGAIN_TRACK_PEAK", texts.track_peak);
    add(fields, "REPLAYGAIN_ALBUM_GAIN", texts.album_gain);
    add(fields, "REPLAYGAIN_ALBUM_PEAK", texts.album_peak);
    return fields;
}

Fields r128(const sillon_gain_texts &texts) {
    Fields fields;
    add(fields, "R128_TRACK_GAIN", texts.r128_track_gain);
    add(fields, "R128_ALBUM_GAIN", texts.r128_album_gain);
    return fields;
}

void setXiph(Ogg::XiphComment *tag, const Fields &fields) {
    for (const auto &field : fields) tag->addField(field.name, field.text, true);
}

void setAPE(APE::Tag *tag, const Fields &fields) {
    for (const auto &field : fields) tag->addValue(field.name, field.text, true);
}

void setID3v2(ID3v2::Tag *tag, const Fields &fields) {
    for (const auto &field : fields) {
        // A copy of the list: taking a frame out changes the tag's own.
        const ID3v2::FrameList frames = tag->frameList("TXXX");
        for (auto *frame : frames) {
            auto *text = dynamic_cast<ID3v2::UserTextIdentificationFrame *>(frame);
            if (text && text->description().upper() == field.name) tag->removeFrame(frame);
        }
        tag->addFrame(new ID3v2::UserTextIdentificationFrame(field.name, StringList(field.text), String::Latin1));
    }
}

// As the name is written in the file already, in whatever letters.
template <typename Map> String known(const Map &map, const String &name) {
    for (const auto &entry : map)
        if (entry.first.upper() == name.upper()) return entry.first;
    return name;
}

void setMP4(MP4::Tag *tag, const Fields &fields) {
    for (const auto &field : fields)
        tag->setItem(known(tag->itemMap(), "----:com.apple.iTunes:" + field.name), MP4::Item(StringList(field.text)));
}

void setASF(ASF::Tag *tag, const Fields &fields) {
    for (const auto &field : fields)
        tag->setAttribute(known(tag->attributeListMap(), field.name), ASF::Attribute(field.text));
}

// The version that the tag has; what TagLib cannot write (2.2) becomes the version that every player reads.
ID3v2::Version versionOf(const ID3v2::Tag *tag, bool isThere) {
    return isThere && tag->header()->majorVersion() == 4 ? ID3v2::v4 : ID3v2::v3;
}

bool hasGain(APE::Tag *tag, const Fields &fields) {
    if (!tag) return false;
    for (const auto &field : fields)
        if (tag->itemListMap().contains(field.name)) return true;
    return false;
}

bool isADTS(DescriptorStream &stream, MPEG::File &file) {
    char head[2];
    long start = file.hasID3v2Tag() ? static_cast<long>(file.ID3v2Tag()->header()->completeTagSize()) : 0;
    return stream.readAt(start, head, sizeof head) == sizeof head && static_cast<uint8_t>(head[0]) == 0xFF
        && (static_cast<uint8_t>(head[1]) & 0xF6) == 0xF0;
}

int saved(bool isSaved) { return isSaved ? SILLON_TAGS_OK : SILLON_TAGS_CORRUPT; }

int writeMPEG(WritableStream &stream, const Fields &fields) {
    MPEG::File file(&stream, ID3v2::FrameFactory::instance());
    if (!file.isValid()) return SILLON_TAGS_CORRUPT;
    if (isADTS(stream, file)) return SILLON_TAGS_UNSUPPORTED;
    ID3v2::Version version = versionOf(file.ID3v2Tag(), file.hasID3v2Tag());
    setID3v2(file.ID3v2Tag(true), fields);
    int tags = MPEG::File::ID3v2;
    // Old values in a second tag would contradict the new ones.
    if (hasGain(file.APETag(), fields)) {
        setAPE(file.APETag(), fields);
        tags |= MPEG::File::APE;
    }
    return saved(file.save(tags, MPEG::File::StripNone, version, MPEG::File::DoNotDuplicate));
}

int writeFLAC(WritableStream &stream, const Fields &fields) {
    FLAC::File file(&stream, ID3v2::FrameFactory::instance());
    if (!file.isValid()) return SILLON_TAGS_CORRUPT;
    setXiph(file.xiphComment(true), fields);
    return saved(file.save());
}

template <typename File> int writeOgg(WritableStream &stream, const Fields &fields) {
    File file(&stream);
    if (!file.isValid() || !file.tag()) return SILLON_TAGS_CORRUPT;
    setXiph(file.tag(), fields);
    return saved(file.save());
}

// RFC 7845: players take one of the two kinds, and the header's own gain is part of what was measured.
int writeOpus(WritableStream &stream, const Fields &fields, const Fields &foreign) {
    Ogg::Opus::File file(&stream);
    if (!file.isValid() || !file.tag()) return SILLON_TAGS_CORRUPT;
    for (const auto &field : foreign) file.tag()->removeFields(field.name);
    setXiph(file.tag(), fields);
    return saved(file.save());
}

int writeMP4(WritableStream &stream, const Fields &fields) {
    MP4::File file(&stream);
    if (!file.isValid() || !file.tag()) return SILLON_TAGS_CORRUPT;
    setMP4(file.tag(), fields);
    return saved(file.save());
}

int writeASF(WritableStream &stream, const Fields &fields) {
    ASF::File file(&stream);
    if (!file.isValid() || !file.tag()) return SILLON_TAGS_CORRUPT;
    setASF(file.tag(), fields);
    return saved(file.save());
}

int writeWAV(WritableStream &stream, const Fields &fields) {
    RIFF::WAV::File file(&stream);
    if (!file.isValid()) return SILLON_TAGS_CORRUPT;
    ID3v2::Version version = versionOf(file.ID3v2Tag(), file.hasID3v2Tag());
    setID3v2(file.ID3v2Tag(), fields);
    return saved(file.save(RIFF::WAV::File::ID3v2, RIFF::WAV::File::StripNone, version));
}

int writeAIFF(WritableStream &stream, const Fields &fields) {
    RIFF::AIFF::File file(&stream);
    if (!file.isValid()) return SILLON_TAGS_CORRUPT;
    ID3v2::Version version = versionOf(file.tag(), file.hasID3v2Tag());
    setID3v2(file.tag(), fields);
    return saved(file.save(version));
}

int writeTrueAudio(WritableStream &stream, const Fields &fields) {
    TrueAudio::File file(&stream, ID3v2::FrameFactory::instance());
    if (!file.isValid()) return SILLON_TAGS_CORRUPT;
    setID3v2(file.ID3v2Tag(true), fields);
    return saved(file.save());
}

template <typename File> int writeAPE(WritableStream &stream, const Fields &fields) {
    File file(&stream);
    if (!file.isValid()) return SILLON_TAGS_CORRUPT;
    setAPE(file.APETag(true), fields);
    return saved(file.save());
}

int write(WritableStream &stream, std::string_view extension, const sillon_gain_texts &texts) {
    const Fields fields = replayGain(texts);
    switch (detectFormat(stream, extension)) {
    case Format::mpeg: return writeMPEG(stream, fields);
    case Format::flac: return writeFLAC(stream, fields);
    case Format::oggVorbis: return writeOgg<Ogg::Vorbis::File>(stream, fields);
    case Format::oggOpus: return writeOpus(stream, r128(texts), fields);
    case Format::oggSpeex: return writeOgg<Ogg::Speex::File>(stream, fields);
    case Format::oggFlac: return writeOgg<Ogg::FLAC::File>(stream, fields);
    case Format::mp4: return writeMP4(stream, fields);
    case Format::asf: return writeASF(stream, fields);
    case Format::wav: return writeWAV(stream, fields);
    case Format::aiff: return writeAIFF(stream, fields);
    case Format::ape: return writeAPE<APE::File>(stream, fields);
    case Format::wavPack: return writeAPE<WavPack::File>(stream, fields);
    case Format::musepack: return writeAPE<MPC::File>(stream, fields);
    case Format::trueAudio: return writeTrueAudio(stream, fields);
    case Format::unknown:
    case Format::matroska:
    case Format::caf:
    case Format::dsf: break;
    }
    return SILLON_TAGS_UNSUPPORTED;
}

}  // namespace

}  // namespace sillon

extern "C" int sillon_gain_write(int fd, const char *extension, const sillon_gain_texts *texts) {
    try {
        sillon::WritableStream stream(fd);
        return sillon::write(stream, extension, *texts);
    } catch (const sillon::EndlessRead &) {
        return SILLON_TAGS_ENDLESS;
    } catch (const sillon::DiskFull &) {
        return SILLON_TAGS_DISK_FULL;
    } catch (const sillon::ReadError &) {
        return SILLON_TAGS_IO_ERROR;
    } catch (const sillon::WriteError &) {
        return SILLON_TAGS_IO_ERROR;
    } catch (const std::bad_alloc &) {
        return SILLON_TAGS_NO_MEMORY;
    } catch (...) {
        return SILLON_TAGS_CORRUPT;
    }
}
