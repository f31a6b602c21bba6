import Domain

/// Opens files of the library for workers that fetch them. Throws `Failure`.
package protocol LibraryReader: Sendable {
    func open(_ file: MediaFile) async throws -> any LibraryFile
}

/// A regular file below its root, open for reading as long as somebody holds it.
package protocol LibraryFile: Sendable {
    /// As it was when it was opened.
    var facts: FileFacts { get }

    /// Up to `count` bytes; none at the end of the file.
    func read(at offset: Int64, count: Int) async throws -> [UInt8]

    /// Throws `fileChanged` when the file is not as it was when it was opened.
    func expectUnchanged() async throws
}

extension LibraryReader {
    /// A small file as a whole; nil when it has more than `bytesMax` bytes.
    package func whole(_ file: MediaFile, bytesMax: Int) async throws -> [UInt8]? {
        try await open(file).whole(bytesMax: bytesMax)
    }
}

extension LibraryFile {
    private static var pieceBytes: Int { 64 << 10 }

    /// Nil when it has more than `bytesMax` bytes.
    package func whole(bytesMax: Int) async throws -> [UInt8]? {
        guard facts.size <= Int64(bytesMax) else { return nil }
        var bytes: [UInt8] = []
        while bytes.count < bytesMax {
            let some = try await read(
                at: Int64(bytes.count), count: min(Self.pieceBytes, bytesMax - bytes.count))
            if some.isEmpty { break }
            bytes += some
        }
        return bytes
    }
}
