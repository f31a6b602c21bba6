// Writes ReplayGain into the tag that belongs to each format.
#include "CTagLib.h"

#include "Format.hpp"
#include "WritableStream.hpp"

#include <taglib/apefile.h>
#include <taglib/apetag.h>
#include <taglib/flacfile.h>
#include <taglib/id3v2framefactory.h>
#include <taglib/mpcfile.h>
#include <taglib/oggflacfile.h>
#include <taglib/opusfile.h>
#include <taglib/speexfile.h>
#include <taglib/vorbisfile.h>
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

constexpr const char *replayGainNames[] = {
    "REPLAYGAIN_TRACK_GAIN", "REPLAYGAIN_TRACK_PEAK", "REPLAYGAIN_ALBUM_GAIN", "REPLAYGAIN_ALBUM_PEAK",
};

Fields replayGain(const sillon_gain_texts &texts) {
    const char *const values[] = {texts.track_gain, texts.track_peak, texts.album_gain, texts.album_peak};
    Fields fields;
    for (size_t i = 0; i < 4; i++) add(fields, replayGainNames[i], values[i]);
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

int saved(bool isSaved) { return isSaved ? SILLON_TAGS_OK : SILLON_TAGS_CORRUPT; }

int writeFLAC(WritableStream &stream, const Fields &fields) {
    FLAC::File file(&stream, ID3v2::FrameFactory::instance());
    if (!file.isValid()) return SILLON_TAGS_CORRUPT;
    if (file.hasID3v2Tag()) return SILLON_TAGS_UNSUPPORTED;
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
int writeOpus(WritableStream &stream, const Fields &fields) {
    Ogg::Opus::File file(&stream);
    if (!file.isValid() || !file.tag()) return SILLON_TAGS_CORRUPT;
    for (const char *name : replayGainNames) file.tag()->removeFields(name);
    setXiph(file.tag(), fields);
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
    case Format::flac: return writeFLAC(stream, fields);
    case Format::oggVorbis: return writeOgg<Ogg::Vorbis::File>(stream, fields);
    case Format::oggOpus: return writeOpus(stream, r128(texts));
    case Format::oggSpeex: return writeOgg<Ogg::Speex::File>(stream, fields);
    case Format::oggFlac: return writeOgg<Ogg::FLAC::File>(stream, fields);
    case Format::ape: return writeAPE<APE::File>(stream, fields);
    case Format::wavPack: return writeAPE<WavPack::File>(stream, fields);
    case Format::musepack: return writeAPE<MPC::File>(stream, fields);
    // When these are saved TagLib drops what it does not understand of the other tags: frames behind an empty one,
    // frames and atoms of rare kinds. They have to wait for a check that does not rest on TagLib.
    case Format::mpeg:
    case Format::mp4:
    case Format::asf:
    case Format::wav:
    case Format::aiff:
    case Format::trueAudio:
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
