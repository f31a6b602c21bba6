import CFiles
import Domain
import Glibc
import UseCases

/// Pictures of the front in a folder of music: `cover.jpg`, `Folder.png` and the like.
package struct SidecarPictures: FolderPictures {
    private let opener = BeneathOpener()

    /// By these names, in any case; the first is the best.
    private static let names = ["cover", "folder", "front", "album"]
    private static let endings = ["jpg", "jpeg", "png", "webp", "gif", "bmp"]
    private static let packedEndings = endings.map { ending in
        ending.utf8.enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
    }.sorted()
    /// A folder with more entries is no album.
    private static let entriesMax = 10_000

    package init() {}

    package func fronts(in folder: FilePath, beneath root: FilePath) async throws -> [FilePath] {
        try await withTaskExecutorPreference(BlockingExecutor.shared) { try frontsHere(in: folder, beneath: root) }
    }

    package func read(_ path: FilePath, beneath root: FilePath, bytesMax: Int) async throws -> [UInt8] {
        try await withTaskExecutorPreference(BlockingExecutor.shared) {
            try readHere(path, beneath: root, bytesMax: bytesMax)
        }
    }

    private func frontsHere(in folder: FilePath, beneath root: FilePath) throws(Failure) -> [FilePath] {
        let descriptor: Descriptor
        do {
            descriptor = try opener.openFolder(folder, beneath: root)
        } catch  where error.reason == .rootUnavailable {
            throw error
        } catch {
            return []
        }
        var listing = sillon_listing()
        defer { sillon_listing_free(&listing) }
        let endings = Self.packedEndings
        let number = sillon_list_folder(descriptor.number, endings, endings.count, Self.entriesMax, &listing)
        guard number == 0, let names = listing.names else { return [] }
        let found = UnsafeBufferPointer(start: listing.entries, count: listing.count)
            .filter { Int($0.kind) == Int(SILLON_ENTRY_FILE) }
            .map { Array(UnsafeBufferPointer(start: names + Int($0.name_offset), count: Int($0.name_size))) }
        return Self.ranked(found).map(folder.appending)
    }

    /// Only names that count, the best first.
    static func ranked(_ files: [[UInt8]]) -> [[UInt8]] {
        let ranked = files.compactMap { name -> (rank: Int, name: [UInt8])? in
            let text = String(decoding: name, as: UTF8.self).lowercased()
            guard let dot = text.lastIndex(of: "."), let first = names.firstIndex(of: String(text[..<dot])),
                let second = endings.firstIndex(of: String(text[text.index(after: dot)...]))
            else { return nil }
            return (first * endings.count + second, name)
        }
        let ordered = ranked.sorted {
            $0.rank == $1.rank ? $0.name.lexicographicallyPrecedes($1.name) : $0.rank < $1.rank
        }
        return ordered.map(\.name)
    }

    private func readHere(_ path: FilePath, beneath root: FilePath, bytesMax: Int) throws(Failure) -> [UInt8] {
        let file = try opener.open(path, beneath: root)
        guard let count = Int(exactly: file.facts.size), count <= bytesMax else {
            throw Failure(.unsupportedFormat, "\(path.quoted) has more than \(bytesMax) bytes")
        }
        var failed: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let read = pread(file.number, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(filled))
                if read < 0, errno == EINTR { continue }
                if read < 0 { failed = errno }
                guard read > 0 else { return }
                filled += read
            }
        }
        guard failed == 0 else {
            throw Failure(.ioError, "\(path.quoted) cannot be read: \(SystemError(number: failed).text)")
        }
        return bytes
    }
}
