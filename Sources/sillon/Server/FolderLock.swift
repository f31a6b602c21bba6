import Foundation

/// Keeps a second server off a data folder. The kernel drops the lock when the process ends, however it ends.
final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Throws a sentence that names the process that has the folder.
    init(path: String, folder: String) throws(CommandError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .misconfigured("cannot open \(path): \(SystemMessage.last)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = FolderLock.holder(descriptor)
            close(descriptor)
            throw .failed("another sillon\(holder) already runs on the data folder \(folder)")
        }
        self.descriptor = descriptor
        let text = Array("\(getpid())\n".utf8)
        // For people and for the message above only; the lock itself needs neither.
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    }

    deinit {
        close(descriptor)
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
