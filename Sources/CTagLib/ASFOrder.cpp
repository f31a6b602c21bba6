#include "ASFOrder.hpp"

#include <taglib/tbytevector.h>

#include <algorithm>
#include <cstring>

namespace sillon {

using namespace TagLib;

// Advanced Systems Format specification, 3.1 (objects of the header), 3.11 (extended content description).
static constexpr char extensionID[] = "\xB5\x03\xBF\x5F\x2E\xA9\xCF\x11\x8E\xE3\x00\xC0\x0C\x20\x53\x65";
static constexpr char descriptionID[] = "\x40\xA4\xD0\xD2\x07\xE3\xD2\x11\x97\xF0\x00\xA0\xC9\x5E\xA8\x50";
static constexpr size_t idSize = 16;
static constexpr long objectHeadSize = 24;
static constexpr long fileHeadSize = 30;
// Headers have a dozen objects.
static constexpr int objectsMax = 1000;

static uint64_t littleEndian(const char *bytes, int count) {
    uint64_t value = 0;
    while (count-- > 0) value = value << 8 | static_cast<uint8_t>(bytes[count]);
    return value;
}

ASFOrder::ASFOrder(DescriptorStream &stream) {
    bool sawExtension = false;
    long offset = fileHeadSize;
    for (int i = 0; i < objectsMax; i++) {
        char head[objectHeadSize];
        if (stream.readAt(offset, head, sizeof head) != sizeof head) return;
        uint64_t size = littleEndian(head + idSize, 8);
        if (size < objectHeadSize || size > static_cast<uint64_t>(stream.length() - offset)) return;
        long end = offset + static_cast<long>(size);
        if (memcmp(head, extensionID, idSize) == 0) sawExtension = true;
        if (memcmp(head, descriptionID, idSize) == 0) {
            if (sawExtension) count(stream, offset + objectHeadSize, end);
            return;
        }
        offset = end;
    }
}

void ASFOrder::count(DescriptorStream &stream, long offset, long end) {
    char number[4];
    if (stream.readAt(offset, number, 2) != 2) return;
    offset += 2;
    for (uint64_t left = littleEndian(number, 2); left > 0; left--) {
        if (stream.readAt(offset, number, 2) != 2) return;
        uint64_t nameSize = littleEndian(number, 2);
        ByteVector name(static_cast<unsigned int>(nameSize), 0);
        if (stream.readAt(offset + 2, name.data(), nameSize) != nameSize) return;
        offset += 2 + static_cast<long>(nameSize);
        // A type, then the size of the value.
        if (stream.readAt(offset, number, 4) != 4) return;
        offset += 4 + static_cast<long>(littleEndian(number + 2, 2));
        if (offset > end) return;
        while (name.size() >= 2 && name[name.size() - 1] == 0 && name[name.size() - 2] == 0)
            name.resize(name.size() - 2);
        late_[String(name, String::UTF16LE)]++;
    }
}

ASF::AttributeList ASFOrder::sorted(const String &name, const ASF::AttributeList &values) const {
    auto found = late_.find(name);
    if (found == late_.end() || found->second >= values.size()) return values;
    ASF::AttributeList sorted;
    size_t first = values.size() - found->second;
    size_t index = 0;
    for (const auto &value : values)
        if (index++ >= first) sorted.append(value);
    index = 0;
    for (const auto &value : values)
        if (index++ < first) sorted.append(value);
    return sorted;
}

}  // namespace sillon
