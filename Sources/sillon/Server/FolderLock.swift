import Foundation
import Persistence

/// Keeps a second server off a data folder. The kernel drops the lock when the process ends, however it ends.
final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Throws a sentence that names the process that has the folder.
    init(path: String, folder: String) throws(CommandError) {
        let descriptor = FolderLock.file(path, folder)
        guard descriptor >= 0 else { throw .misconfigured("cannot open \(path): \(SystemMessage.last)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = FolderLock.holder(descriptor)
            close(descriptor)
            throw .failed("another sillon\(holder) already runs on the data folder \(folder)")
        }
        self.descriptor = descriptor
        write("\(getpid())\n")
    }

    deinit {
        write("")
        close(descriptor)
    }

    /// Writes down where the server listens, so that commands on the same data folder find it.
    func announce(_ address: String) {
        write("\(getpid())\n\(address)\n")
    }

    /// The address that a server wrote down; nil when none did, or when it ended in good order.
    static func announced(path: String) -> String? {
        guard let text = SystemFiles().text(path) else { return nil }
        let lines = text.split(separator: "\n")
        return lines.count > 1 ? String(lines[1]) : nil
    }

    /// For people, for the message above and for commands; the lock itself needs none of it.
    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        if ftruncate(descriptor, 0) == 0, !bytes.isEmpty { _ = pwrite(descriptor, bytes, bytes.count, 0) }
    }

    /// Only what was made here is given away: the owner of the folder may have laid a link under that name.
    private static func file(_ path: String, _ folder: String) -> Int32 {
        let made = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard made >= 0 else { return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600) }
        FolderOwner.give(made, like: folder)
        return made
    }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0, let id = Int32(String(decoding: bytes[..<count], as: UTF8.self).prefix { $0.isNumber }) else {
            return ""
        }
        return " (process \(id))"
    }
}
