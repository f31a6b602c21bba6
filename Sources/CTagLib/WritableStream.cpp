#include "WritableStream.hpp"

#include <taglib/tbytevector.h>

#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <vector>

namespace sillon {

static constexpr long moveBytes = 256 * 1024;

static void fail() {
    if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) throw DiskFull();
    throw WriteError();
}

void WritableStream::put(const char *bytes, size_t count, long offset) {
    size_t done = 0;
    while (done < count) {
        ssize_t written = pwrite(fd_, bytes + done, count - done, offset + static_cast<long>(done));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) fail();
        done += static_cast<size_t>(written);
    }
    size_ = std::max(size_, offset + static_cast<long>(count));
    forget();
}

void WritableStream::writeBlock(const TagLib::ByteVector &data) {
    spend();
    put(data.data(), data.size(), position_);
    position_ += static_cast<long>(data.size());
}

void WritableStream::insert(const TagLib::ByteVector &data, StreamOffset start, unsigned long replace) {
    spend();
    long at = std::min(static_cast<long>(start), size_);
    long gone = static_cast<long>(std::min(replace, static_cast<unsigned long>(size_ - at)));
    moveTail(at + gone, at + static_cast<long>(data.size()));
    put(data.data(), data.size(), at);
}

void WritableStream::removeBlock(StreamOffset start, unsigned long length) {
    insert(TagLib::ByteVector(), start, length);
}

void WritableStream::moveTail(long from, long to) {
    if (from == to) return;
    std::vector<char> buffer(static_cast<size_t>(std::min(moveBytes, std::max(1L, size_ - from))));
    long end = size_;
    // Towards the end of the file the last piece goes first, towards its start the first one.
    for (long done = 0; done < end - from;) {
        long count = std::min(static_cast<long>(buffer.size()), end - from - done);
        long source = to > from ? end - done - count : from + done;
        long got = 0;
        while (got < count) {
            size_t more = fill(buffer.data() + got, static_cast<size_t>(count - got), source + got);
            if (more == 0) throw ReadError();
            got += static_cast<long>(more);
        }
        put(buffer.data(), static_cast<size_t>(count), source + to - from);
        done += count;
    }
    if (to < from) truncate(end - (from - to));
}

void WritableStream::truncate(long length) {
    spend();
    int result;
    do result = ftruncate(fd_, length);
    while (result != 0 && errno == EINTR);
    if (result != 0) fail();
    size_ = length;
    forget();
}

}  // namespace sillon
