import Domain
import UseCases

extension MemoryStore: MapFinder, LibraryReader {
    func mark(model: String?) async throws -> String { try await map(model: model).mark }

    func map(model: String?) async throws -> LibraryMap {
        try perform { state in
            if let problem = state.mapProblem { throw problem }
        }
        var map = LibraryMap(model: "acoustic-v1", mark: "m1")
        map.genres = [LibraryMap.Genre(name: "Jazz <script>", tracks: 2)]
        (map.ids, map.x, map.y) = ([1, 2, 3], [0, 32768, 65535], [65535, 0, 9])
        (map.genre, map.tempo, map.key) = ([1, 1, 0], [120, 0, 60], [16, 0, 1])
        return map
    }

    func open(_ file: MediaFile) async throws -> any LibraryFile {
        try perform { state in
            guard let bytes = state.files[file.path] else { throw Failure(.fileGone, "the file is not there") }
            return MemoryFile(bytes: bytes)
        }
    }
}

struct MemoryFile: LibraryFile {
    let bytes: [UInt8]

    var facts: FileFacts { FileFacts(size: Int64(bytes.count), mtimeNs: 1, inode: 2, device: 3) }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        Array(bytes.dropFirst(Int(offset)).prefix(count))
    }

    func expectUnchanged() async throws {}
}
