// One function for each kind of tag: everything in it goes to the packer under the names that the tag itself uses.
#pragma once

#include "Packer.hpp"

#include <taglib/flacpicture.h>

namespace TagLib {
namespace APE { class Tag; }
namespace ASF { class Tag; }
namespace ID3v1 { class Tag; }
namespace ID3v2 { class Tag; }
namespace MP4 { class Tag; }
namespace Ogg { class XiphComment; }
namespace RIFF { namespace Info { class Tag; } }
}  // namespace TagLib

namespace sillon {

class ASFOrder;

// Each takes a null pointer for "no such tag".
void packID3v2(Packer &packer, const TagLib::ID3v2::Tag *tag);
void packID3v1(Packer &packer, const TagLib::ID3v1::Tag *tag);
void packAPE(Packer &packer, const TagLib::APE::Tag *tag);
void packXiph(Packer &packer, TagLib::Ogg::XiphComment *tag);
void packPictures(Packer &packer, const TagLib::List<TagLib::FLAC::Picture *> &pictures);
void packMP4(Packer &packer, const TagLib::MP4::Tag *tag);
void packASF(Packer &packer, const TagLib::ASF::Tag *tag, const ASFOrder &order);
void packInfo(Packer &packer, const TagLib::RIFF::Info::Tag *tag);

}  // namespace sillon
