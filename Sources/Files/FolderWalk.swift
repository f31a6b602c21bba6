import CFiles
import Domain
import UseCases

/// One walk: which folders are still to come, and the buffers that are reused from folder to folder.
struct FolderWalk: ~Copyable {
    enum Step {
        case folder(FolderListing)
        case problem(WalkProblem)
    }

    private let depthMax: Int
    private let entriesMax: Int
    private let opener = BeneathOpener()
    private var listing = sillon_listing()
    /// The open folders from the scope down to the present one.
    private var levels: [Level] = []
    private var scope: FilePath?

    init(depthMax: Int, entriesMax: Int) {
        self.depthMax = depthMax
        self.entriesMax = entriesMax
    }

    deinit {
        var listing = listing
        sillon_listing_free(&listing)
    }

    mutating func start(_ scope: FilePath, within root: FilePath) throws(Failure) {
        levels = [Level(folder: OpenFolder(try opener.openFolder(scope, beneath: root)), path: scope)]
        self.scope = scope
    }

    /// The next folder in order of names, parents first; nil at the end.
    mutating func next() throws(Failure) -> Step? {
        if let scope {
            self.scope = nil
            return try list(levels[0].folder, scope, isScope: true)
        }
        while let last = levels.indices.last {
            guard let name = levels[last].children.popLast() else {
                levels.removeLast()
                continue
            }
            let path = levels[last].path.appending(name.dropLast().map { UInt8(bitPattern: $0) })
            if levels.count > depthMax {
                return problem(path, "lies deeper than \(depthMax) levels and was passed over")
            }
            let number = sillon_open_child_folder(levels[last].folder.number, name)
            guard number >= 0 else {
                return problem(path, "cannot be opened: \(SystemError(number: -number).text)")
            }
            let folder = OpenFolder(Descriptor(number))
            levels.append(Level(folder: folder, path: path))
            return try list(folder, path, isScope: false)
        }
        return nil
    }

    private mutating func list(_ folder: OpenFolder, _ path: FilePath, isScope: Bool) throws(Failure) -> Step {
        let packed = AudioFileExtension.packed
        let error = sillon_list_folder(folder.number, packed, packed.count, entriesMax, &listing)
        guard error == 0 else {
            let text = SystemError(number: error).text
            if isScope { throw Failure(.rootUnavailable, "\(path.quoted) cannot be read: \(text)") }
            return problem(path, "cannot be read: \(text)")
        }
        if listing.is_ignored != 0 {
            let message = "\(path.quoted) holds a .nomedia or .sillonignore and was passed over"
            return .problem(WalkProblem(path: path, message: message, isIgnored: true))
        }
        if listing.is_cut != 0 {
            return problem(path, "holds more than \(entriesMax) entries and was passed over")
        }
        let (files, playlists, children) = entries()
        levels[levels.count - 1].children = children
        return .folder(FolderListing(path: path, files: files, playlists: playlists))
    }

    private func problem(_ path: FilePath, _ text: String) -> Step {
        .problem(WalkProblem(path: path, message: "\(path.quoted) \(text)"))
    }

    /// Files by name, and the names of folders for `openat`, last one first.
    private func entries() -> (files: [ListedFile], playlists: [ListedFile], children: [[CChar]]) {
        var files: [ListedFile] = []
        var playlists: [ListedFile] = []
        var children: [[CChar]] = []
        guard let names = listing.names else { return ([], [], []) }
        files.reserveCapacity(listing.count)
        for entry in UnsafeBufferPointer(start: listing.entries, count: listing.count) {
            let name = UnsafeBufferPointer(start: names + Int(entry.name_offset), count: Int(entry.name_size))
            if Int(entry.kind) == Int(SILLON_ENTRY_FOLDER) {
                children.append(name.map { CChar(bitPattern: $0) } + [0])
            } else {
                let facts = FileFacts(
                    size: entry.size, mtimeNs: entry.mtime_ns, inode: entry.inode, device: entry.device)
                let file = ListedFile(name: Array(name), facts: facts)
                if AudioFileExtension.isPlaylist(name) { playlists.append(file) } else { files.append(file) }
            }
        }
        files.sort { $0.name.lexicographicallyPrecedes($1.name) }
        playlists.sort { $0.name.lexicographicallyPrecedes($1.name) }
        children.sort { $1.lexicographicallyPrecedes($0) { UInt8(bitPattern: $0) < UInt8(bitPattern: $1) } }
        return (files, playlists, children)
    }

    private struct Level {
        let folder: OpenFolder
        let path: FilePath
        var children: [[CChar]] = []
    }

    /// A descriptor that an array can hold.
    private final class OpenFolder {
        private let descriptor: Descriptor

        init(_ descriptor: consuming Descriptor) {
            self.descriptor = descriptor
        }

        var number: Int32 { descriptor.number }
    }
}
