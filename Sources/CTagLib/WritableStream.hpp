// A TagLib stream that also writes. A write that fails ends the work by an exception: TagLib does not ask.
#pragma once

#include "DescriptorStream.hpp"

namespace sillon {

struct WriteError {};
struct DiskFull {};

class WritableStream final : public DescriptorStream {
public:
    explicit WritableStream(int fd) : DescriptorStream(fd) {}

    bool readOnly() const override { return false; }
    void writeBlock(const TagLib::ByteVector &data) override;
    // Puts `data` in the place of `replace` bytes at `start`.
    void insert(const TagLib::ByteVector &data, StreamOffset start, unsigned long replace) override;
    void removeBlock(StreamOffset start, unsigned long length) override;
    void truncate(long length) override;

private:
    void put(const char *bytes, size_t count, long offset);
    // Moves everything from `from` to the end of the file, so that it begins at `to`.
    void moveTail(long from, long to);
};

}  // namespace sillon
