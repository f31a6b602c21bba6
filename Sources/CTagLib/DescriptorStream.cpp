#include "DescriptorStream.hpp"

#include <taglib/tbytevector.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace sillon {

// The largest real files need some ten thousand; a frame search through a gigabyte of junk needs a million.
static constexpr uint32_t callsMax = 4'000'000;

DescriptorStream::DescriptorStream(int fd) : fd_(fd) {
    struct stat facts;
    if (fstat(fd, &facts) != 0) throw ReadError();
    size_ = static_cast<long>(facts.st_size);
}

void DescriptorStream::spend() {
    if (++calls_ > callsMax) throw EndlessRead();
}

void DescriptorStream::forget() { windows_[0].count = windows_[1].count = 0; }

TagLib::ByteVector DescriptorStream::readBlock(unsigned long length) {
    spend();
    if (position_ < 0 || position_ >= size_ || length == 0) return TagLib::ByteVector();
    // A lying length must not reserve more than the file holds.
    unsigned long left = static_cast<unsigned long>(size_ - position_);
    unsigned long wanted = std::min({length, left, static_cast<unsigned long>(INT_MAX)});
    TagLib::ByteVector bytes(static_cast<unsigned int>(wanted), 0);
    size_t got = readAt(position_, bytes.data(), wanted);
    if (got < wanted) bytes.resize(static_cast<unsigned int>(got));
    position_ += static_cast<long>(got);
    return bytes;
}

void DescriptorStream::seek(long offset, Position position) {
    spend();
    long base = position == Beginning ? 0 : position == Current ? position_ : size_;
    long target;
    if (__builtin_add_overflow(base, offset, &target)) return;
    position_ = std::max(0L, target);
}

size_t DescriptorStream::readAt(long offset, char *bytes, size_t count) {
    size_t done = 0;
    while (done < count) {
        long at = offset + static_cast<long>(done);
        if (at >= size_) break;
        if (count - done >= sizeof Window().bytes) {
            size_t got = fill(bytes + done, count - done, at);
            if (got == 0) break;
            done += got;
            continue;
        }
        const Window *window = windowAt(at);
        if (window->count == 0) break;
        size_t skipped = static_cast<size_t>(at - window->start);
        size_t taken = std::min(count - done, window->count - skipped);
        memcpy(bytes + done, window->bytes + skipped, taken);
        done += taken;
    }
    return done;
}

const DescriptorStream::Window *DescriptorStream::windowAt(long offset) {
    for (int i = 0; i < 2; i++) {
        const Window &window = windows_[i];
        if (offset >= window.start && offset < window.start + static_cast<long>(window.count)) {
            older_ = 1 - i;
            return &window;
        }
    }
    Window &window = windows_[older_];
    older_ = 1 - older_;
    // Near the end, readers step backwards: take the whole end at once.
    long lastStart = std::max(0L, size_ - static_cast<long>(sizeof window.bytes));
    window.start = std::min(offset, lastStart);
    window.count = fill(window.bytes, sizeof window.bytes, window.start);
    if (offset >= window.start + static_cast<long>(window.count)) window.count = 0;
    return &window;
}

size_t DescriptorStream::fill(char *bytes, size_t count, long offset) {
    for (;;) {
        ssize_t got = pread(fd_, bytes, count, offset);
        if (got >= 0) return static_cast<size_t>(got);
        if (errno != EINTR) throw ReadError();
    }
}

}  // namespace sillon
