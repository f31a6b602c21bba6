import Foundation
import Synchronization

/// A locked file per worker of this machine. The kernel drops the lock when the process dies, however it dies, so
/// others see at once that its tasks are free; the lease decides where there is no lock.
final class WorkerLocks: Sendable {
    private let folder: String
    private let held = Mutex<[Int64: Int32]>([:])

    init(folder: String) throws {
        self.folder = folder
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// True when the lock is ours now.
    func take(_ worker: Int64) -> Bool {
        if held.withLock({ $0[worker] != nil }) { return true }
        let descriptor = open(path(worker), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return false
        }
        held.withLock { $0[worker] = descriptor }
        return true
    }

    func drop(_ worker: Int64) {
        guard let descriptor = held.withLock({ $0.removeValue(forKey: worker) }) else { return }
        unlink(path(worker))
        close(descriptor)
    }

    /// True when the worker's file is there and nobody holds it any more: its process is gone.
    func isAbandoned(_ worker: Int64) -> Bool {
        let descriptor = open(path(worker), O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    /// Removes the file of a worker that is known to be dead.
    func clear(_ worker: Int64) {
        unlink(path(worker))
    }

    private func path(_ worker: Int64) -> String { "\(folder)/\(worker).lock" }
}
