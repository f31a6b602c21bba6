#include "Packer.hpp"

#include <algorithm>
#include <cstring>

namespace sillon {

template <typename Number> static void append(std::string &out, Number number) {
    out.append(reinterpret_cast<const char *>(&number), sizeof number);
}

static void appendScalar(std::string &out, uint32_t scalar) {
    if (scalar > 0x10FFFF || (scalar >= 0xD800 && scalar < 0xE000)) scalar = 0xFFFD;
    if (scalar < 0x80) {
        out.push_back(static_cast<char>(scalar));
    } else if (scalar < 0x800) {
        out.push_back(static_cast<char>(0xC0 | scalar >> 6));
        out.push_back(static_cast<char>(0x80 | (scalar & 0x3F)));
    } else if (scalar < 0x10000) {
        out.push_back(static_cast<char>(0xE0 | scalar >> 12));
        out.push_back(static_cast<char>(0x80 | (scalar >> 6 & 0x3F)));
        out.push_back(static_cast<char>(0x80 | (scalar & 0x3F)));
    } else {
        out.push_back(static_cast<char>(0xF0 | scalar >> 18));
        out.push_back(static_cast<char>(0x80 | (scalar >> 12 & 0x3F)));
        out.push_back(static_cast<char>(0x80 | (scalar >> 6 & 0x3F)));
        out.push_back(static_cast<char>(0x80 | (scalar & 0x3F)));
    }
}

void appendUTF8(std::string &out, const TagLib::String &text) {
    size_t limit = out.size() + SILLON_TAG_VALUE_BYTES_MAX;
    auto end = text.end();
    for (auto at = text.begin(); at != end; ++at) {
        if (out.size() + 4 > limit) return;
        uint32_t unit = static_cast<uint32_t>(*at);
        if (unit >= 0xD800 && unit < 0xDC00) {
            auto next = at;
            ++next;
            uint32_t low = next == end ? 0 : static_cast<uint32_t>(*next);
            if (low >= 0xDC00 && low < 0xE000) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                at = next;
            }
        }
        appendScalar(out, unit);
    }
}

// SVG, HTML and links are no pictures here: what is served to a browser must be pixels.
static bool isRaster(const TagLib::ByteVector &data) {
    const char *b = data.data();
    size_t n = data.size();
    auto starts = [&](const char *magic, size_t size, size_t at) {
        return n >= at + size && memcmp(b + at, magic, size) == 0;
    };
    return starts("\xFF\xD8\xFF", 3, 0) || starts("\x89PNG\r\n\x1A\n", 8, 0) || starts("GIF8", 4, 0)
        || (starts("RIFF", 4, 0) && starts("WEBP", 4, 8)) || starts("BM", 2, 0);
}

void Packer::reset(size_t coverBytesMax) {
    out_.clear();
    fields_.clear();
    count_ = 0;
    durationMs_ = 0;
    std::fill(std::begin(numbers_), std::end(numbers_), 0);
    coverBytesMax_ = coverBytesMax;
    coverData_ = TagLib::ByteVector();
    coverType_.clear();
    hasFront_ = false;
    codec.clear();
    hasAudio = false;
    isUnmeasured = false;
}

bool Packer::takes(size_t keySize) {
    return keySize > 0 && keySize <= SILLON_TAG_KEY_BYTES_MAX && count_ < SILLON_TAG_FIELDS_MAX
        && fields_.size() < SILLON_TAG_FIELDS_BYTES_MAX;
}

void Packer::text(int source, std::string_view key, std::string_view value) {
    if (value.empty() || !takes(key.size())) return;
    value = value.substr(0, SILLON_TAG_VALUE_BYTES_MAX);
    fields_.push_back(static_cast<char>(source));
    fields_.push_back(static_cast<char>(key.size()));
    fields_.append(key);
    append(fields_, static_cast<uint32_t>(value.size()));
    fields_.append(value);
    count_++;
}

void Packer::field(int source, std::string_view key, const TagLib::String &value) {
    if (value.isEmpty() || !takes(key.size())) return;
    fields_.push_back(static_cast<char>(source));
    fields_.push_back(static_cast<char>(key.size()));
    fields_.append(key);
    size_t sizeAt = fields_.size();
    append(fields_, uint32_t(0));
    appendUTF8(fields_, value);
    uint32_t size = static_cast<uint32_t>(fields_.size() - sizeAt - sizeof(uint32_t));
    memcpy(&fields_[sizeAt], &size, sizeof size);
    count_++;
}

void Packer::named(int source, const TagLib::String &key, const TagLib::String &value) {
    scratch_.clear();
    appendUTF8(scratch_, key);
    field(source, std::string_view(scratch_), value);
}

void Packer::fields(int source, std::string_view key, const TagLib::StringList &values) {
    for (const auto &value : values) field(source, key, value);
}

void Packer::named(int source, const TagLib::String &key, const TagLib::StringList &values) {
    scratch_.clear();
    appendUTF8(scratch_, key);
    fields(source, std::string_view(scratch_), values);
}

void Packer::cover(const TagLib::ByteVector &data, const TagLib::String &claimedType, bool isFront) {
    if (data.isEmpty() || data.size() > coverBytesMax_ || !isRaster(data)) return;
    if (!coverData_.isEmpty() && (hasFront_ || !isFront)) return;
    coverData_ = data;
    coverType_.clear();
    appendUTF8(coverType_, claimedType);
    if (coverType_.size() > 255) coverType_.clear();
    hasFront_ = isFront;
}

void Packer::properties(const TagLib::AudioProperties *properties, int bitsPerSample) {
    if (!properties) {
        hasAudio = false;
        durationMs_ = 0;
        std::fill(std::begin(numbers_), std::end(numbers_), 0);
        return;
    }
    durationMs_ = properties->lengthInMilliseconds();
    numbers_[0] = properties->bitrate();
    numbers_[1] = properties->sampleRate();
    numbers_[2] = properties->channels();
    numbers_[3] = bitsPerSample;
    hasAudio = properties->sampleRate() != 0 || properties->channels() != 0 || properties->lengthInMilliseconds() != 0;
}

const std::string &Packer::finish() {
    append(out_, durationMs_);
    for (int32_t number : numbers_) append(out_, number);
    out_.push_back(static_cast<char>(codec.size()));
    out_.append(codec);
    append(out_, count_);
    out_.append(fields_);
    out_.push_back(static_cast<char>(coverType_.size()));
    out_.append(coverType_);
    append(out_, static_cast<uint32_t>(coverData_.size()));
    out_.append(coverData_.data(), coverData_.size());
    return out_;
}

}  // namespace sillon
