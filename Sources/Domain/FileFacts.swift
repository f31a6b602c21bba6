/// What `lstat` says of a file; enough to see that it changed or moved.
package struct FileFacts: Hashable, Codable, Sendable {
    /// Bytes.
    package let size: Int64
    /// Nanoseconds since the epoch.
    package let mtimeNs: Int64
    package let inode: Int64
    package let device: Int64

    package init(size: Int64, mtimeNs: Int64, inode: Int64, device: Int64) {
        self.size = size
        self.mtimeNs = mtimeNs
        self.inode = inode
        self.device = device
    }

    /// The same bytes as far as `lstat` can tell; a copy on another disk keeps size and time but not the inode.
    package func looksUnchanged(from other: FileFacts) -> Bool {
        size == other.size && mtimeNs == other.mtimeNs
    }

    enum CodingKeys: String, CodingKey {
        case size, inode, device
        case mtimeNs = "mtime_ns"
    }
}
