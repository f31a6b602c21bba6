// The baseline of the scan benchmark: nothing but TagLib. Reads paths from standard input, one a line, opens each file
// with its audio properties, reads the basic tag and the whole property map, and prints what it counted and the CPU.
#include <sys/resource.h>

#include <cstdio>
#include <iostream>
#include <string>

#include <taglib/audioproperties.h>
#include <taglib/fileref.h>
#include <taglib/tag.h>
#include <taglib/tpropertymap.h>

namespace {

double seconds(const timeval &time) { return time.tv_sec + time.tv_usec / 1e6; }

struct Totals {
    unsigned long files = 0, unreadable = 0, values = 0, characters = 0, milliseconds = 0;
};

// Everything that is read is added up, so that the compiler cannot leave the reading out.
void read(const std::string &path, Totals &totals) {
    TagLib::FileRef file(path.c_str(), true, TagLib::AudioProperties::Average);
    totals.files++;
    if (file.isNull() || !file.tag()) {
        totals.unreadable++;
        return;
    }
    const TagLib::Tag *tag = file.tag();
    totals.characters += tag->title().size() + tag->artist().size() + tag->album().size() + tag->genre().size();
    totals.values += tag->year() + tag->track();
    for (const auto &[key, values] : file.file()->properties()) {
        totals.values += values.size();
        for (const auto &value : values) totals.characters += value.size();
    }
    if (const auto *audio = file.audioProperties())
        totals.milliseconds += audio->lengthInMilliseconds() + audio->bitrate() + audio->sampleRate() + audio->channels();
}

}  // namespace

int main() {
    Totals totals;
    std::string path;
    while (std::getline(std::cin, path)) read(path, totals);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("files=%lu unreadable=%lu values=%lu characters=%lu milliseconds=%lu cpu_s=%.3f\n", totals.files,
                totals.unreadable, totals.values, totals.characters, totals.milliseconds,
                seconds(usage.ru_utime) + seconds(usage.ru_stime));
    return totals.unreadable == totals.files ? 1 : 0;
}
