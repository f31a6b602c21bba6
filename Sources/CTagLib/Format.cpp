#include "Format.hpp"

#include <cstring>

namespace sillon {

namespace {

struct Head {
    char bytes[128];
    size_t count;

    bool has(std::string_view magic, size_t at = 0) const {
        return count >= at + magic.size() && memcmp(bytes + at, magic.data(), magic.size()) == 0;
    }
};

Head headAt(DescriptorStream &stream, long offset) {
    Head head;
    head.count = stream.readAt(offset, head.bytes, sizeof head.bytes);
    return head;
}

Format formatInOgg(const Head &head) {
    if (head.count < 28) return Format::unknown;
    size_t payload = 27 + static_cast<uint8_t>(head.bytes[26]);
    using namespace std::string_view_literals;
    if (head.has("\x01vorbis"sv, payload)) return Format::oggVorbis;
    if (head.has("OpusHead"sv, payload)) return Format::oggOpus;
    if (head.has("Speex   "sv, payload)) return Format::oggSpeex;
    if (head.has("\x7F" "FLAC"sv, payload)) return Format::oggFlac;
    return Format::unknown;
}

bool isMPEGSync(const Head &head) {
    if (head.count < 4) return false;
    uint8_t second = static_cast<uint8_t>(head.bytes[1]);
    uint8_t third = static_cast<uint8_t>(head.bytes[2]);
    if (static_cast<uint8_t>(head.bytes[0]) != 0xFF || (second & 0xE0) != 0xE0) return false;
    // Layer 00 is ADTS. Version 01, bitrate 1111 and sample rate 11 do not exist.
    if ((second & 0xF6) == 0xF0) return true;
    return (second & 0x18) != 0x08 && (second & 0x06) != 0 && (third & 0xF0) != 0xF0 && (third & 0x0C) != 0x0C;
}

Format byContent(const Head &head) {
    using namespace std::string_view_literals;
    if (head.has("fLaC"sv)) return Format::flac;
    if (head.has("OggS"sv)) return formatInOgg(head);
    if (head.has("ftyp"sv, 4) || head.has("moov"sv, 4) || head.has("mdat"sv, 4)) return Format::mp4;
    if (head.has("RIFF"sv) && head.has("WAVE"sv, 8)) return Format::wav;
    if (head.has("FORM"sv) && (head.has("AIFF"sv, 8) || head.has("AIFC"sv, 8))) return Format::aiff;
    if (head.has("\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv)) return Format::asf;
    if (head.has("MAC "sv)) return Format::ape;
    if (head.has("wvpk"sv)) return Format::wavPack;
    if (head.has("MPCK"sv) || head.has("MP+"sv)) return Format::musepack;
    if (head.has("TTA1"sv) || head.has("TTA2"sv)) return Format::trueAudio;
    if (head.has("\x1A\x45\xDF\xA3"sv)) return Format::matroska;
    if (head.has("caff"sv)) return Format::caf;
    if (head.has("DSD "sv)) return Format::dsf;
    if (isMPEGSync(head)) return Format::mpeg;
    return Format::unknown;
}

Format byExtension(std::string_view extension) {
    static constexpr struct {
        std::string_view extension;
        Format format;
    } known[] = {
        {"mp3", Format::mpeg}, {"mp2", Format::mpeg}, {"aac", Format::mpeg}, {"flac", Format::flac},
        {"oga", Format::oggFlac}, {"ogg", Format::oggVorbis}, {"opus", Format::oggOpus}, {"spx", Format::oggSpeex},
        {"m4a", Format::mp4}, {"m4b", Format::mp4}, {"mp4", Format::mp4}, {"wma", Format::asf}, {"asf", Format::asf},
        {"wav", Format::wav}, {"aif", Format::aiff}, {"aiff", Format::aiff}, {"aifc", Format::aiff},
        {"ape", Format::ape}, {"wv", Format::wavPack}, {"mpc", Format::musepack}, {"tta", Format::trueAudio},
    };
    for (const auto &entry : known)
        if (entry.extension == extension) return entry.format;
    return Format::unknown;
}

// Where the audio begins behind an ID3v2 tag, 0 when there is none.
long sizeOfID3v2(const Head &head) {
    if (!head.has("ID3") || head.count < 10) return 0;
    long size = 0;
    for (int i = 6; i < 10; i++) size = size << 7 | (head.bytes[i] & 0x7F);
    bool hasFooter = (head.bytes[5] & 0x10) != 0;
    return size + 10 + (hasFooter ? 10 : 0);
}

}  // namespace

Format detectFormat(DescriptorStream &stream, std::string_view extension) {
    Head head = headAt(stream, 0);
    long skipped = sizeOfID3v2(head);
    Format found = byContent(skipped > 0 ? headAt(stream, skipped) : head);
    if (found != Format::unknown) return found;
    Format named = byExtension(extension);
    // Behind an ID3v2 tag there may be padding or junk; only MPEG readers search for the first frame.
    if (skipped > 0 && named == Format::unknown) return Format::mpeg;
    return named;
}

}  // namespace sillon
