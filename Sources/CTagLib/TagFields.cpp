#include "TagFields.hpp"

#include "ASFOrder.hpp"

#include <taglib/apetag.h>
#include <taglib/asftag.h>
#include <taglib/infotag.h>
#include <taglib/mp4tag.h>
#include <taglib/xiphcomment.h>

#include <cstring>

namespace sillon {

using namespace TagLib;

static void packAPECover(Packer &packer, const std::string &key, const APE::Item &item) {
    if (key.compare(0, 9, "Cover Art") != 0 && key.compare(0, 9, "COVER ART") != 0) return;
    // A file name, a NUL, then the picture.
    const ByteVector data = item.binaryData();
    int end = data.find('\0');
    if (end < 0) return;
    bool isFront = key.find("ront") != std::string::npos || key.find("RONT") != std::string::npos;
    packer.cover(data.mid(static_cast<unsigned>(end) + 1), String(), isFront);
}

void packAPE(Packer &packer, const APE::Tag *tag) {
    if (!tag) return;
    std::string key;
    for (const auto &[name, item] : tag->itemListMap()) {
        key.clear();
        appendUTF8(key, name);
        if (item.type() == APE::Item::Text) packer.fields(SILLON_SOURCE_APE, key, item.values());
        else if (item.type() == APE::Item::Binary) packAPECover(packer, key, item);
    }
}

void packPictures(Packer &packer, const List<FLAC::Picture *> &pictures) {
    for (auto *picture : pictures)
        packer.cover(picture->data(), picture->mimeType(), picture->type() == FLAC::Picture::FrontCover);
}

void packXiph(Packer &packer, Ogg::XiphComment *tag) {
    if (!tag) return;
    for (const auto &[name, values] : tag->fieldListMap()) packer.named(SILLON_SOURCE_XIPH, name, values);
    packPictures(packer, tag->pictureList());
}

enum class MP4Kind { text, number, pair, flag, byte, cover };

static MP4Kind kindOfMP4(const std::string &key) {
    if (key == "trkn" || key == "disk") return MP4Kind::pair;
    if (key == "cpil" || key == "pgap" || key == "pcst" || key == "shwm") return MP4Kind::flag;
    if (key == "tmpo" || key == "\xC2\xA9mvi" || key == "\xC2\xA9mvc" || key == "hdvd") return MP4Kind::number;
    if (key == "stik" || key == "rtng" || key == "akID") return MP4Kind::byte;
    if (key == "covr") return MP4Kind::cover;
    return MP4Kind::text;
}

static void packMP4Item(Packer &packer, const std::string &key, const MP4::Item &item) {
    switch (kindOfMP4(key)) {
    case MP4Kind::text: packer.fields(SILLON_SOURCE_MP4, key, item.toStringList()); break;
    case MP4Kind::number: packer.text(SILLON_SOURCE_MP4, key, std::to_string(item.toInt())); break;
    case MP4Kind::flag: packer.text(SILLON_SOURCE_MP4, key, item.toBool() ? "1" : "0"); break;
    case MP4Kind::byte: packer.text(SILLON_SOURCE_MP4, key, std::to_string(item.toByte())); break;
    case MP4Kind::pair: {
        auto pair = item.toIntPair();
        packer.text(SILLON_SOURCE_MP4, key, std::to_string(pair.first) + "/" + std::to_string(pair.second));
        break;
    }
    case MP4Kind::cover:
        // MP4 does not say which picture is the front: the first one is.
        for (const auto &picture : item.toCoverArtList()) packer.cover(picture.data(), String(), true);
        break;
    }
}

void packMP4(Packer &packer, const MP4::Tag *tag) {
    if (!tag) return;
    std::string key;
    for (const auto &[name, item] : tag->itemMap()) {
        if (!item.isValid()) continue;
        key.clear();
        appendUTF8(key, name);
        packMP4Item(packer, key, item);
    }
}

static void packASFAttribute(Packer &packer, const String &name, const ASF::Attribute &attribute) {
    switch (attribute.type()) {
    case ASF::Attribute::UnicodeType: packer.named(SILLON_SOURCE_ASF, name, attribute.toString()); break;
    case ASF::Attribute::BoolType: packer.named(SILLON_SOURCE_ASF, name, attribute.toBool() ? "1" : "0"); break;
    case ASF::Attribute::WordType: packer.named(SILLON_SOURCE_ASF, name, String::number(attribute.toUShort())); break;
    case ASF::Attribute::DWordType:
    case ASF::Attribute::QWordType:
        packer.named(SILLON_SOURCE_ASF, name, String(std::to_string(attribute.toULongLong())));
        break;
    case ASF::Attribute::BytesType:
    case ASF::Attribute::GuidType: {
        ASF::Picture picture = attribute.toPicture();
        if (picture.isValid())
            packer.cover(picture.picture(), picture.mimeType(), picture.type() == ASF::Picture::FrontCover);
        break;
    }
    }
}

void packASF(Packer &packer, const ASF::Tag *tag, const ASFOrder &order) {
    if (!tag) return;
    packer.field(SILLON_SOURCE_ASF, "Title", tag->title());
    packer.field(SILLON_SOURCE_ASF, "Author", tag->artist());
    packer.field(SILLON_SOURCE_ASF, "Description", tag->comment());
    packer.field(SILLON_SOURCE_ASF, "Copyright", tag->copyright());
    for (const auto &[name, attributes] : tag->attributeListMap())
        for (const auto &attribute : order.sorted(name, attributes)) packASFAttribute(packer, name, attribute);
}

void packInfo(Packer &packer, const RIFF::Info::Tag *tag) {
    if (!tag) return;
    for (const auto &[name, value] : tag->fieldListMap())
        packer.field(SILLON_SOURCE_RIFF_INFO, std::string_view(name.data(), name.size()), value);
}

}  // namespace sillon
