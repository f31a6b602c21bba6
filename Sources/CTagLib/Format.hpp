// What a file is, by its first bytes, and by its name only where these say nothing.
#pragma once

#include "DescriptorStream.hpp"

#include <string_view>

namespace sillon {

enum class Format {
    unknown, mpeg, flac, oggVorbis, oggOpus, oggSpeex, oggFlac, mp4, asf, wav, aiff, ape, wavPack, musepack, trueAudio,
    // Real formats that TagLib 1.13 does not read: the file is known by its name alone.
    matroska, caf, dsf
};

Format detectFormat(DescriptorStream &stream, std::string_view extension);

}  // namespace sillon
