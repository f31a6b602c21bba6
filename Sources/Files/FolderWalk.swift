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
    private let isShallow: Bool
    private let opener = BeneathOpener()
    private var listing = sillon_listing()
    /// The open folders from the scope down to the present one.
    private var levels: [Level] = []
    private var scope: FilePath?
    /// What is still to be told of the folder that was answered last.
    private var problems: [WalkProblem] = []

    init(depthMax: Int, entriesMax: Int, isShallow: Bool = false) {
        self.depthMax = depthMax
        self.entriesMax = entriesMax
        self.isShallow = isShallow
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
        if let problem = problems.popLast() { return .problem(problem) }
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
            if isShallow { return .problem(.unasked(path)) }
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
        let entries = entries()
        levels[levels.count - 1].children = entries.children
        let cuts = cuts(of: entries, in: folder, path)
        return .folder(FolderListing(path: path, files: entries.files, playlists: entries.playlists, cuts: cuts))
    }

    private mutating func cuts(of entries: Entries, in folder: OpenFolder, _ path: FilePath) -> [[UInt8]: SheetCut] {
        guard !entries.sheets.isEmpty, !entries.files.isEmpty else { return [:] }
        let sheets = entries.sheets.map { name in
            SheetFolder.Sheet(name: name, result: SheetReading.read(name, in: folder.number))
        }
        let found = SheetFolder(sheets: sheets, files: entries.files.map(\.name))
        problems += found.refused.reversed().map { name, problem in
            let sheet = path.appending(name)
            let message = "\(sheet.quoted) was not applied: \(problem.description)"
            return WalkProblem(path: sheet, message: message, isIgnored: true)
        }
        return found.cuts
    }

    private func problem(_ path: FilePath, _ text: String) -> Step {
        .problem(WalkProblem(path: path, message: "\(path.quoted) \(text)"))
    }

    private struct Entries {
        var files: [ListedFile] = []
        var playlists: [ListedFile] = []
        /// Names of sheets, no more than are looked at.
        var sheets: [[UInt8]] = []
        /// Names for `openat`, last one first.
        var children: [[CChar]] = []
    }

    /// By name.
    private func entries() -> Entries {
        var entries = Entries()
        guard let names = listing.names else { return entries }
        entries.files.reserveCapacity(listing.count)
        for entry in UnsafeBufferPointer(start: listing.entries, count: listing.count) {
            let name = UnsafeBufferPointer(start: names + Int(entry.name_offset), count: Int(entry.name_size))
            if Int(entry.kind) == Int(SILLON_ENTRY_FOLDER) {
                entries.children.append(name.map { CChar(bitPattern: $0) } + [0])
            } else {
                let facts = FileFacts(
                    size: entry.size, mtimeNs: entry.mtime_ns, inode: entry.inode, device: entry.device)
                let file = ListedFile(name: Array(name), facts: facts)
                switch AudioFileExtension.kind(of: name) {
                case .audio: entries.files.append(file)
                case .playlist: entries.playlists.append(file)
                case .sheet: entries.sheets.append(file.name)
                }
            }
        }
        entries.files.sort { $0.name.lexicographicallyPrecedes($1.name) }
        entries.playlists.sort { $0.name.lexicographicallyPrecedes($1.name) }
        entries.sheets.sort { $0.lexicographicallyPrecedes($1) }
        entries.sheets = Array(entries.sheets.prefix(SheetReading.sheetsMax))
        entries.children.sort { $1.lexicographicallyPrecedes($0) { UInt8(bitPattern: $0) < UInt8(bitPattern: $1) } }
        return entries
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
