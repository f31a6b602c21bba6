import Domain
import Glibc

/// A file that is written from front to back and removed when nobody holds it any more.
package final class CacheFile: Sendable {
    package let path: FilePath
    private let descriptor: Descriptor

    init(_ path: FilePath) throws(Failure) {
        self.path = path
        let number = path.bytes.withCPath { open($0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600) }
        guard number >= 0 else { throw CacheFile.failure("made", errno) }
        descriptor = Descriptor(number)
    }

    deinit {
        _ = path.bytes.withCPath { unlink($0) }
    }

    /// A disk that is full is a transient failure: room may come back, and other devices have room.
    package func write(_ bytes: [UInt8], at offset: Int64) async throws {
        try await withTaskExecutorPreference(BlockingExecutor.shared) { try writeHere(bytes[...], at: offset) }
    }

    private func writeHere(_ bytes: ArraySlice<UInt8>, at offset: Int64) throws(Failure) {
        var (rest, offset) = (bytes, offset)
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { pwrite(descriptor.number, $0.baseAddress, $0.count, off_t(offset)) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw CacheFile.failure("written", errno) }
            rest = rest.dropFirst(written)
            offset += Int64(written)
        }
    }

    /// Cuts off what is beyond `size`.
    package func truncate(to size: Int64) async throws {
        try await withTaskExecutorPreference(BlockingExecutor.shared) { try truncateHere(to: size) }
    }

    private func truncateHere(to size: Int64) throws(Failure) {
        guard ftruncate(descriptor.number, off_t(size)) == 0 else { throw CacheFile.failure("cut", errno) }
    }

    private static func failure(_ verb: String, _ number: Int32) -> Failure {
        let text = number == ENOSPC || number == EDQUOT ? "the disk is full" : SystemError(number: number).text
        return Failure(.ioError, "a file in the cache of this device cannot be \(verb): \(text)")
    }
}

extension [UInt8] {
    /// Calls `body` with the path as C has it. Precondition: no NUL in it.
    fileprivate func withCPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { body($0.baseAddress!) }
    }
}
