// The packed form of a reading, as CTagLib.h describes it.
#pragma once

#include "include/CTagLib.h"

#include <taglib/audioproperties.h>
#include <taglib/tbytevector.h>
#include <taglib/tstring.h>
#include <taglib/tstringlist.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace sillon {

// Appends text as UTF-8; a lone surrogate becomes U+FFFD. TagLib keeps UTF-16 in wide characters.
void appendUTF8(std::string &out, const TagLib::String &text);

class Packer {
public:
    void reset(size_t coverBytesMax);

    void field(int source, std::string_view key, const TagLib::String &value);
    void named(int source, const TagLib::String &key, const TagLib::String &value);
    void fields(int source, std::string_view key, const TagLib::StringList &values);
    void named(int source, const TagLib::String &key, const TagLib::StringList &values);
    void text(int source, std::string_view key, std::string_view value);

    // The front cover wins, else the first picture; what is no raster picture or is too large is passed over.
    void cover(const TagLib::ByteVector &data, const TagLib::String &claimedType, bool isFront);

    void properties(const TagLib::AudioProperties *properties, int bitsPerSample);
    void duration(int64_t ms) { durationMs_ = ms; }
    std::string codec;
    bool hasAudio = false;
    // A sound format that TagLib cannot measure.
    bool isUnmeasured = false;

    const std::string &finish();

private:
    bool takes(size_t keySize);

    std::string out_;
    std::string fields_;
    std::string scratch_;
    uint32_t count_ = 0;
    int64_t durationMs_ = 0;
    int32_t numbers_[4] = {0, 0, 0, 0};
    size_t coverBytesMax_ = 0;
    TagLib::ByteVector coverData_;
    std::string coverType_;
    bool hasFront_ = false;
};

}  // namespace sillon
