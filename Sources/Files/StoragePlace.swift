import CFiles

/// Where a file lies: the kind of its file system and the device below.
package struct StoragePlace: Hashable, Sendable {
    /// By the numbers of `statfs(2)`.
    package let fileSystem: Int64
    /// `major:minor`, as /sys/dev/block names it.
    package let device: String

    /// Nil for a path that cannot be looked at.
    package init?(path: String) {
        var storage = sillon_storage()
        guard sillon_find_storage(path, &storage) == 0 else { return nil }
        fileSystem = storage.type
        device = "\(storage.device_major):\(storage.device_minor)"
    }
}
