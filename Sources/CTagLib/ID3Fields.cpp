#include "TagFields.hpp"

#include <taglib/attachedpictureframe.h>
#include <taglib/commentsframe.h>
#include <taglib/id3v1tag.h>
#include <taglib/id3v2tag.h>
#include <taglib/relativevolumeframe.h>
#include <taglib/synchronizedlyricsframe.h>
#include <taglib/textidentificationframe.h>
#include <taglib/uniquefileidentifierframe.h>
#include <taglib/unsynchronizedlyricsframe.h>

#include <cmath>
#include <cstdio>

namespace sillon {

using namespace TagLib;

static std::string prefixed(const char *prefix, const String &name) {
    std::string key(prefix);
    appendUTF8(key, name);
    if (key.size() > SILLON_TAG_KEY_BYTES_MAX) key.resize(SILLON_TAG_KEY_BYTES_MAX);
    return key;
}

// Pairs of role and name.
static void packPeople(Packer &packer, const StringList &list) {
    for (auto at = list.begin(); at != list.end(); ++at) {
        auto role = at;
        if (++at == list.end()) return;
        packer.field(SILLON_SOURCE_ID3V2, prefixed("PEOPLE:", *role), *at);
    }
}

static void packText(Packer &packer, std::string_view id, ID3v2::Frame *frame) {
    auto *text = dynamic_cast<ID3v2::TextIdentificationFrame *>(frame);
    if (!text) return;
    if (auto *user = dynamic_cast<ID3v2::UserTextIdentificationFrame *>(text)) {
        std::string key = prefixed("TXXX:", user->description());
        const StringList values = user->fieldList();
        // The first entry is the description itself.
        bool isFirst = true;
        for (const auto &value : values) {
            if (!isFirst) packer.field(SILLON_SOURCE_ID3V2, key, value);
            isFirst = false;
        }
        return;
    }
    if (id == "TIPL" || id == "TMCL" || id == "IPLS") packPeople(packer, text->fieldList());
    else packer.fields(SILLON_SOURCE_ID3V2, id, text->fieldList());
}

static void packVolume(Packer &packer, ID3v2::Frame *frame) {
    auto *volume = dynamic_cast<ID3v2::RelativeVolumeFrame *>(frame);
    if (!volume) return;
    char number[64];
    snprintf(number, sizeof number, "%.4f", static_cast<double>(volume->volumeAdjustment()));
    packer.text(SILLON_SOURCE_ID3V2, prefixed("RVA2-GAIN:", volume->identification()), number);
    auto peak = volume->peakVolume();
    unsigned bits = peak.bitsRepresentingPeak;
    if (bits < 2 || bits > 63 || peak.peakVolume.size() != (bits + 7) / 8) return;
    uint64_t value = 0;
    for (unsigned i = 0; i < peak.peakVolume.size(); i++) value = value << 8 | static_cast<uint8_t>(peak.peakVolume[i]);
    snprintf(number, sizeof number, "%.6f", std::ldexp(static_cast<double>(value), 1 - static_cast<int>(bits)));
    packer.text(SILLON_SOURCE_ID3V2, prefixed("RVA2-PEAK:", volume->identification()), number);
}

// Lyrics are kept as LRC has them, which names a language so. Many programs write a language that they do not know.
static std::string languageLine(const ByteVector &language) {
    std::string code;
    for (unsigned i = 0; i < language.size() && i < 3; i++) {
        char lower = static_cast<char>(static_cast<uint8_t>(language[i]) | 0x20);
        if (lower < 'a' || lower > 'z') return "";
        code += lower;
    }
    return code.size() != 3 || code == "xxx" || code == "und" ? "" : "[la:" + code + "]\n";
}

static void packLyrics(Packer &packer, ID3v2::Frame *frame) {
    auto *lyrics = dynamic_cast<ID3v2::UnsynchronizedLyricsFrame *>(frame);
    if (!lyrics || lyrics->text().isEmpty()) return;
    std::string text = languageLine(lyrics->language());
    appendUTF8(text, lyrics->text());
    packer.text(SILLON_SOURCE_ID3V2, "USLT", text);
}

static void appendStamp(std::string &out, unsigned ms) {
    char stamp[24];
    snprintf(stamp, sizeof stamp, "[%02u:%02u.%03u]", ms / 60000, ms / 1000 % 60, ms % 1000);
    out += stamp;
}

// Entries are lines, or syllables of lines that line breaks tell apart, before or behind them.
static void packTimedLyrics(Packer &packer, ID3v2::Frame *frame) {
    using Lyrics = ID3v2::SynchronizedLyricsFrame;
    static constexpr unsigned dayMs = 24 * 3600 * 1000, syllablesInLineMax = 40;
    auto *lyrics = dynamic_cast<Lyrics *>(frame);
    // Times in frames of MPEG are nobody's, and chords or names of pictures are no words.
    if (!lyrics || lyrics->timestampFormat() != Lyrics::AbsoluteMilliseconds
        || (lyrics->type() != Lyrics::Lyrics && lyrics->type() != Lyrics::TextTranscription))
        return;
    const Lyrics::SynchedTextList entries = lyrics->synchedText();
    unsigned breaks = 0;
    for (const auto &entry : entries) breaks += entry.text.find("\n") >= 0;
    bool isOfSyllables = breaks * syllablesInLineMax >= entries.size() && breaks > 0, isInLine = false;
    std::string out = languageLine(lyrics->language()), text;
    for (const auto &entry : entries) {
        if (entry.time >= dayMs) continue;
        text.clear();
        appendUTF8(text, entry.text);
        for (char character : text) {
            if (character == '\n' || character == '\r') {
                if (isInLine) out += '\n';
                isInLine = false;
                continue;
            }
            if (!isInLine) appendStamp(out, entry.time);
            isInLine = true;
            out += character;
        }
        if (isInLine && !isOfSyllables) {
            out += '\n';
            isInLine = false;
        }
    }
    packer.text(SILLON_SOURCE_ID3V2, "SYLT", out);
}

static void packFrame(Packer &packer, ID3v2::Frame *frame) {
    const ByteVector frameID = frame->frameID();
    std::string_view id(frameID.data(), frameID.size());
    if (id.size() != 4) return;
    if (id[0] == 'T' || id == "IPLS" || id == "GRP1" || id == "MVNM" || id == "MVIN") {
        packText(packer, id, frame);
    } else if (id == "UFID") {
        auto *unique = dynamic_cast<ID3v2::UniqueFileIdentifierFrame *>(frame);
        if (!unique) return;
        const ByteVector identifier = unique->identifier();
        packer.text(
            SILLON_SOURCE_ID3V2, prefixed("UFID:", unique->owner()), {identifier.data(), identifier.size()});
    } else if (id == "COMM") {
        if (auto *comment = dynamic_cast<ID3v2::CommentsFrame *>(frame))
            packer.field(SILLON_SOURCE_ID3V2, prefixed("COMM:", comment->description()), comment->text());
    } else if (id == "USLT") {
        packLyrics(packer, frame);
    } else if (id == "SYLT") {
        packTimedLyrics(packer, frame);
    } else if (id == "RVA2") {
        packVolume(packer, frame);
    } else if (id == "APIC" || id == "PIC\0") {
        if (auto *picture = dynamic_cast<ID3v2::AttachedPictureFrame *>(frame))
            packer.cover(
                picture->picture(), picture->mimeType(), picture->type() == ID3v2::AttachedPictureFrame::FrontCover);
    }
}

void packID3v2(Packer &packer, const ID3v2::Tag *tag) {
    if (!tag) return;
    for (auto *frame : tag->frameList()) packFrame(packer, frame);
}

void packID3v1(Packer &packer, const ID3v1::Tag *tag) {
    if (!tag || tag->isEmpty()) return;
    packer.field(SILLON_SOURCE_ID3V1, "TITLE", tag->title());
    packer.field(SILLON_SOURCE_ID3V1, "ARTIST", tag->artist());
    packer.field(SILLON_SOURCE_ID3V1, "ALBUM", tag->album());
    packer.field(SILLON_SOURCE_ID3V1, "GENRE", tag->genre());
    packer.field(SILLON_SOURCE_ID3V1, "COMMENT", tag->comment());
    if (tag->year() != 0) packer.text(SILLON_SOURCE_ID3V1, "DATE", std::to_string(tag->year()));
    if (tag->track() != 0) packer.text(SILLON_SOURCE_ID3V1, "TRACKNUMBER", std::to_string(tag->track()));
}

}  // namespace sillon
