// In which order the values of a Windows Media attribute were meant.
#pragma once

#include "DescriptorStream.hpp"

#include <taglib/asftag.h>
#include <taglib/tstring.h>

#include <map>

namespace sillon {

// Writers put the first value of an attribute into the extended content description, and the others into the metadata
// library, which may stand before it in the file. TagLib lists values as they stand.
class ASFOrder {
public:
    explicit ASFOrder(DescriptorStream &stream);

    TagLib::ASF::AttributeList sorted(const TagLib::String &name, const TagLib::ASF::AttributeList &values) const;

private:
    void count(DescriptorStream &stream, long offset, long end);

    // How many values of a name come last and were meant to be first; empty when the file is in order.
    std::map<TagLib::String, unsigned> late_;
};

}  // namespace sillon
