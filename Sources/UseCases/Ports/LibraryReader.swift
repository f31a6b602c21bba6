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
