import Crypto
import Domain
import Glibc

/// The bytes of an open file; every range is held against the size that the file had at first.
struct FileBytes {
    let descriptor: Int32
    let count: Int

    /// A tag or the index of an MP4, which are held in memory at once.
    static let heldBytesMax = 64 << 20
    private static let windowBytes = 1 << 20

    init(_ descriptor: Int32) throws(Failure) {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw Failure(.ioError, "cannot be examined") }
        (self.descriptor, count) = (descriptor, Int(facts.st_size))
    }

    func bytes(_ range: Range<Int>) throws(Failure) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw Failure(.corruptFile, "ends before its parts do")
        }
        guard range.count <= FileBytes.heldBytesMax else {
            throw Failure(.unsupportedFormat, "has a tag that is larger than \(FileBytes.heldBytesMax >> 20) MiB")
        }
        var bytes = [UInt8](repeating: 0, count: range.count)
        try fill(&bytes, range.count, at: range.lowerBound)
        return bytes
    }

    /// SHA-256 of `head` and a stretch of the file.
    func digest(_ range: Range<Int>, after head: [UInt8] = []) throws(Failure) -> FileDigest {
        var hash = SHA256()
        hash.update(data: head)
        var window = [UInt8](repeating: 0, count: min(range.count, FileBytes.windowBytes))
        var offset = range.lowerBound
        while offset < range.upperBound {
            let size = min(window.count, range.upperBound - offset)
            try fill(&window, size, at: offset)
            window.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0.prefix(size))) }
            offset += size
        }
        return FileDigest(hash.finalize())
    }

    private func fill(_ bytes: inout [UInt8], _ size: Int, at offset: Int) throws(Failure) {
        var done = 0
        while done < size {
            let got = bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { pread(descriptor, $0 + done, size - done, off_t(offset + done)) } ?? 0
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw Failure(.ioError, "cannot be read, or is shorter than it was") }
            done += got
        }
    }
}
