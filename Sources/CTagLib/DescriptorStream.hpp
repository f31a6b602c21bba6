// A TagLib stream over a file descriptor: read-only, two cached windows (tags sit at both ends of a file), and a
// budget of reads, because TagLib 1.13 has loops that a hostile file keeps going for ever.
#pragma once

#include <taglib/taglib.h>
#include <taglib/tiostream.h>

#include <cstddef>
#include <cstdint>

namespace sillon {

// What a stream is asked for counts signed since TagLib 2.
#if TAGLIB_MAJOR_VERSION >= 2
using StreamOffset = TagLib::offset_t;
#else
using StreamOffset = unsigned long;
#endif

struct EndlessRead {};
struct ReadError {};

class DescriptorStream : public TagLib::IOStream {
public:
    // Throws ReadError when the file has no size.
    explicit DescriptorStream(int fd);

    TagLib::FileName name() const override { return ""; }
    TagLib::ByteVector readBlock(unsigned long length) override;
    void seek(long offset, Position position = Beginning) override;
    long tell() const override { return position_; }
    long length() override { return size_; }
    bool readOnly() const override { return true; }
    bool isOpen() const override { return true; }

    void writeBlock(const TagLib::ByteVector &) override {}
    void insert(const TagLib::ByteVector &, StreamOffset, unsigned long) override {}
    void removeBlock(StreamOffset, unsigned long) override {}
    void truncate(long) override {}

    // Up to `count` bytes at `offset`; short at the end of the file.
    size_t readAt(long offset, char *bytes, size_t count);

protected:
    // After a write nothing that was cached is true any more.
    void forget();
    void spend();
    size_t fill(char *bytes, size_t count, long offset);

    int fd_;
    long size_ = 0;
    long position_ = 0;

private:
    struct Window {
        long start = 0;
        size_t count = 0;
        char bytes[16 * 1024];
    };

    const Window *windowAt(long offset);

    uint32_t calls_ = 0;
    int older_ = 0;
    Window windows_[2];
};

}  // namespace sillon
