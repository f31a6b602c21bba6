import Domain
import Glibc
import UseCases

/// Files of the library on this machine's disks.
package struct LibraryFiles: LibraryReader {
    private let opener = BeneathOpener()

    package init() {}

    package func open(_ file: MediaFile) async throws -> any LibraryFile {
        try await withTaskExecutorPreference(BlockingExecutor.shared) {
            try openHere(file)
        }
    }

    private func openHere(_ file: MediaFile) throws -> any LibraryFile {
        OpenLibraryFile(try opener.open(file.path, beneath: file.root), opener)
    }
}

/// Reads by position, so that one open file serves any range.
final class OpenLibraryFile: LibraryFile {
    private let file: OpenFile
    private let opener: BeneathOpener

    init(_ file: consuming OpenFile, _ opener: BeneathOpener) {
        self.file = file
        self.opener = opener
    }

    var facts: FileFacts { file.facts }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        try await withTaskExecutorPreference(BlockingExecutor.shared) { try readHere(at: offset, count: count) }
    }

    func expectUnchanged() async throws {
        try await withTaskExecutorPreference(BlockingExecutor.shared) { try checkHere() }
    }

    private func readHere(at offset: Int64, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let read = pread(file.number, buffer.baseAddress, count, off_t(offset))
            guard read >= 0 else {
                throw Failure(.ioError, "\(file.path.quoted) cannot be read: \(SystemError(number: errno).text)")
            }
            filled = read
        }
    }

    private func checkHere() throws {
        try opener.expectUnchanged(file)
    }
}
