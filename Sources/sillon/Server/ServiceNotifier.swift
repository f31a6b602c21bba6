import Foundation
import Glibc

/// The datagram socket on which a service manager such as systemd hears how a service is (sd_notify(3)).
final class ServiceNotifier: Sendable {
    private let descriptor: Int32
    private let address: SocketPath

    /// Throws a sentence about an address that is none, or a socket that cannot be had.
    init(_ text: String) throws(CommandError) {
        guard let address = SocketPath(text) else {
            throw .misconfigured("NOTIFY_SOCKET is a path or an abstract name with @, not \"\(text)\"")
        }
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw .failed("no socket for the service manager: \(SystemMessage.last)") }
        self.descriptor = descriptor
        self.address = address
    }

    deinit { close(descriptor) }

    /// False when nobody took it. Never waits: whoever listens may be busy, and hears the next one.
    @discardableResult
    func send(_ assignments: [String]) -> Bool {
        let bytes = Array(assignments.joined(separator: "\n").utf8)
        let sent = address.withAddress { sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, $1) }
        return sent == bytes.count
    }
}

/// The address of a UNIX socket: a path, or a name without one, which is written with `@` for the NUL it begins with.
private struct SocketPath: Sendable {
    private let bytes: [UInt8]

    /// Nil for what is neither, or too long for the kernel.
    init?(_ text: String) {
        guard text.hasPrefix("/") || (text.hasPrefix("@") && text.utf8.count > 1), !text.utf8.contains(0) else {
            return nil
        }
        bytes = text.hasPrefix("@") ? [0] + text.utf8.dropFirst() : Array(text.utf8)
        // A path ends with a NUL as well.
        guard bytes.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { return nil }
    }

    func withAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        // All of the name counts, so what follows an abstract one must not be part of it.
        let isPath = bytes.first != 0
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? MemoryLayout<sa_family_t>.size
        let length = socklen_t(start + bytes.count + (isPath ? 1 : 0))
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
