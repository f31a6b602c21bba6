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
        self.init(storage)
    }

    /// Nil for a descriptor that cannot be looked at.
    init?(_ descriptor: borrowing Descriptor) {
        var storage = sillon_storage()
        guard sillon_fd_storage(descriptor.number, &storage) == 0 else { return nil }
        self.init(storage)
    }

    private init(_ storage: sillon_storage) {
        fileSystem = storage.type
        device = "\(storage.device_major):\(storage.device_minor)"
    }

    package var kind: FileSystemKind { FileSystemKind(statfs: fileSystem) }
}
