import Foundation
import Glibc

/// The end of a notification socket that a service manager holds: hears what services tell it.
package final class NotifySocket {
    /// What a service is given as `NOTIFY_SOCKET`.
    package let name: String
    private let descriptor: Int32
    /// Each datagram as its lines, in the order in which they came.
    private var heard: [[String]] = []

    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter folder: where the socket lies; nil for an abstract name.
    package init(in folder: String?) throws {
        name = folder.map { $0 + "/notify" } ?? "@sillon-test-\(UUID().uuidString)"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = name.hasPrefix("@") ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard result == 0 else { throw Problem(description: "\(name): \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    /// All that was heard until now.
    package func messages() -> [[String]] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            guard count >= 0 else { return heard }
            heard.append(String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").map(String.init))
        }
    }

    package var lines: [String] { messages().flatMap(\.self) }

    package func count(_ line: String) -> Int { lines.count { $0 == line } }

    /// The last status that was told.
    package var status: String? { lines.last { $0.hasPrefix("STATUS=") }.map { String($0.dropFirst(7)) } }
}
