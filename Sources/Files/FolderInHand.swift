import Domain

/// The folder of the file that was opened last: the next file of that folder is one step away instead of one for each
/// part of its path. To be dropped when nothing is left to do: an open folder keeps its disk from being unmounted.
package struct FolderInHand: ~Copyable {
    private var path: FilePath?
    private var root: FilePath?
    private var descriptor: Descriptor?

    package init() {}

    /// The open folder, when it is the one asked for.
    func number(of path: FilePath, beneath root: FilePath) -> Int32? {
        guard path == self.path, root == self.root else { return nil }
        return switch descriptor {
        case .some(let open): open.number
        case .none: nil
        }
    }

    mutating func take(_ folder: consuming Descriptor, path: FilePath, root: FilePath) {
        descriptor = .some(folder)
        self.path = path
        self.root = root
    }

    package mutating func drop() {
        descriptor = nil
        path = nil
        root = nil
    }
}
