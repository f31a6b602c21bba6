import Domain

/// The folders that are watched below a root, each known by its number: names once, paths on demand. Pure.
///
/// One watch may stand for several folders here: a folder that is mounted at two places is one for the kernel, and so
/// is one that was met at its new place before the kernel told that it left the old one.
struct WatchTree {
    typealias Number = Int32

    private struct Node {
        var name: [UInt8]
        var parent: Number
        var watch: Int32
        var children: [Number] = []
        /// It asks to be left out: only the end of that is of interest.
        var isIgnored = false
    }

    static let root: Number = 0

    private let rootPath: FilePath
    private var nodes: [Node]
    private var free: [Number] = []
    private var byWatch: [Int32: Number]
    /// Of watches that stand for more than one folder.
    private var others: [Int32: [Number]] = [:]

    init(root: FilePath, watch: Int32) {
        rootPath = root
        nodes = [Node(name: [], parent: -1, watch: watch)]
        byWatch = [watch: Self.root]
    }

    var count: Int { nodes.count - free.count }

    func folders(of watch: Int32) -> [Number] {
        guard let first = byWatch[watch] else { return [] }
        return [first] + (others[watch] ?? [])
    }

    func path(of folder: Number) -> FilePath {
        var names: [[UInt8]] = []
        var folder = folder
        while folder != Self.root {
            names.append(nodes[Int(folder)].name)
            folder = nodes[Int(folder)].parent
        }
        return names.reversed().reduce(rootPath) { $0.appending($1) }
    }

    /// Levels below the root.
    func depth(of folder: Number) -> Int {
        var (depth, folder) = (0, folder)
        while folder != Self.root {
            folder = nodes[Int(folder)].parent
            depth += 1
        }
        return depth
    }

    func isIgnored(_ folder: Number) -> Bool { nodes[Int(folder)].isIgnored }

    mutating func setIgnored(_ folder: Number, _ isIgnored: Bool) { nodes[Int(folder)].isIgnored = isIgnored }

    func child(_ name: some Collection<UInt8>, of folder: Number) -> Number? {
        nodes[Int(folder)].children.first { nodes[Int($0)].name.elementsEqual(name) }
    }

    func find(_ path: FilePath) -> Number? {
        guard rootPath.contains(path) else { return nil }
        var folder = Self.root
        for name in path.bytes.dropFirst(rootPath.bytes.count).split(separator: FilePath.slash) {
            guard let child = child(name, of: folder) else { return nil }
            folder = child
        }
        return folder
    }

    /// Whether the watch stands for this folder or for one that it lies in: then going on would never end.
    func isLoop(_ watch: Int32, in folder: Number) -> Bool {
        var folder = folder
        while true {
            if nodes[Int(folder)].watch == watch { return true }
            if folder == Self.root { return false }
            folder = nodes[Int(folder)].parent
        }
    }

    mutating func add(_ name: [UInt8], in parent: Number, watch: Int32) -> Number {
        let node = Node(name: name, parent: parent, watch: watch)
        let folder: Number
        if let place = free.popLast() {
            nodes[Int(place)] = node
            folder = place
        } else {
            folder = Number(nodes.count)
            nodes.append(node)
        }
        nodes[Int(parent)].children.append(folder)
        if byWatch[watch] == nil {
            byWatch[watch] = folder
        } else {
            others[watch, default: []].append(folder)
        }
        return folder
    }

    /// Everything below the folder and, unless it is the root, the folder itself.
    /// - Returns: watches that stand for nothing any more.
    mutating func remove(_ folder: Number) -> [Int32] {
        var ended = removeChildren(of: folder)
        guard folder != Self.root else { return ended }
        let parent = Int(nodes[Int(folder)].parent)
        nodes[parent].children.removeAll { $0 == folder }
        if let watch = forget(folder) { ended.append(watch) }
        return ended
    }

    /// Everything below the folder.
    mutating func removeChildren(of folder: Number) -> [Int32] {
        var ended: [Int32] = []
        var open = nodes[Int(folder)].children
        nodes[Int(folder)].children = []
        while let next = open.popLast() {
            open += nodes[Int(next)].children
            if let watch = forget(next) { ended.append(watch) }
        }
        return ended
    }

    /// The watch, when it stands for nothing else.
    private mutating func forget(_ folder: Number) -> Int32? {
        let watch = nodes[Int(folder)].watch
        nodes[Int(folder)] = Node(name: [], parent: -1, watch: -1)
        free.append(folder)
        var left = folders(of: watch).filter { $0 != folder }
        guard !left.isEmpty else {
            byWatch[watch] = nil
            return watch
        }
        byWatch[watch] = left.removeFirst()
        others[watch] = left.isEmpty ? nil : left
        return nil
    }

    /// The folder and those below it, counted up to a limit.
    func count(in folder: Number, upTo limit: Int) -> Int {
        var (count, open) = (0, [folder])
        while count < limit, let next = open.popLast() {
            count += 1
            open += nodes[Int(next)].children
        }
        return count
    }
}
