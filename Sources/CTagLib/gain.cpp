// Tells in which way ReplayGain gets into a file, and writes it into Ogg.
#include "CTagLib.h"

#include "Format.hpp"
#include "WritableStream.hpp"

#include <taglib/oggflacfile.h>
#include <taglib/opusfile.h>
#include <taglib/speexfile.h>
#include <taglib/vorbisfile.h>
#include <taglib/xiphcomment.h>

#include <climits>
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

int saved(bool isSaved) { return isSaved ? SILLON_TAGS_OK : SILLON_TAGS_CORRUPT; }

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

int write(WritableStream &stream, std::string_view extension, const sillon_gain_texts &texts) {
    const Fields fields = replayGain(texts);
    switch (detectFormat(stream, extension)) {
    case Format::oggVorbis: return writeOgg<Ogg::Vorbis::File>(stream, fields);
    case Format::oggOpus: return writeOpus(stream, r128(texts));
    case Format::oggSpeex: return writeOgg<Ogg::Speex::File>(stream, fields);
    case Format::oggFlac: return writeOgg<Ogg::FLAC::File>(stream, fields);
    default: return SILLON_TAGS_UNSUPPORTED;
    }
}

// When TagLib saves other formats it drops what it does not understand of their tags: frames behind an empty one, frames,
// atoms and attributes of rare kinds. All but ASF are spliced instead.
int wayOf(Format format) {
    switch (format) {
    case Format::oggVorbis:
    case Format::oggSpeex:
    case Format::oggFlac: return SILLON_GAIN_OGG;
    case Format::oggOpus: return SILLON_GAIN_OPUS;
    case Format::flac: return SILLON_GAIN_FLAC;
    case Format::ape:
    case Format::wavPack:
    case Format::musepack: return SILLON_GAIN_APE;
    case Format::mpeg:
    case Format::trueAudio: return SILLON_GAIN_MPEG;
    case Format::wav:
    case Format::aiff: return SILLON_GAIN_CHUNKS;
    case Format::mp4: return SILLON_GAIN_MP4;
    case Format::asf:
    case Format::unknown:
    case Format::matroska:
    case Format::caf:
    case Format::dsf: break;
    }
    return SILLON_GAIN_NONE;
}

template <typename Work> int guarded(Work work) {
    try {
        return work();
    } catch (const EndlessRead &) {
        return SILLON_TAGS_ENDLESS;
    } catch (const DiskFull &) {
        return SILLON_TAGS_DISK_FULL;
    } catch (const ReadError &) {
        return SILLON_TAGS_IO_ERROR;
    } catch (const WriteError &) {
        return SILLON_TAGS_IO_ERROR;
    } catch (const std::bad_alloc &) {
        return SILLON_TAGS_NO_MEMORY;
    } catch (...) {
        return SILLON_TAGS_CORRUPT;
    }
}

}  // namespace

}  // namespace sillon

extern "C" int sillon_gain_write(int fd, const char *extension, const sillon_gain_texts *texts) {
    return sillon::guarded([&] {
        sillon::WritableStream stream(fd);
        return sillon::write(stream, extension, *texts);
    });
}

extern "C" int sillon_gain_format(int fd, const char *extension) {
    int way = SILLON_GAIN_ERROR;
    sillon::guarded([&] {
        sillon::DescriptorStream stream(fd);
        way = sillon::wayOf(sillon::detectFormat(stream, extension));
        return SILLON_TAGS_OK;
    });
    return way;
}

extern "C" int sillon_splice(int fd, int64_t offset, int64_t removed, const uint8_t *bytes, size_t count) {
    return sillon::guarded([&] {
        if (offset < 0 || removed < 0 || count > INT_MAX) return SILLON_TAGS_CORRUPT;
        sillon::WritableStream stream(fd);
        TagLib::ByteVector data(reinterpret_cast<const char *>(bytes), static_cast<unsigned int>(count));
        stream.insert(data, static_cast<sillon::StreamOffset>(offset), static_cast<unsigned long>(removed));
        return SILLON_TAGS_OK;
    });
}
