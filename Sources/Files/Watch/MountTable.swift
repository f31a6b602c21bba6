import Domain
import Foundation

/// What is mounted below a folder: the kernel tells a watcher of what it unmounts, and not of what it mounts.
struct MountTable: Hashable, Sendable {
    /// Number of the mount, its file system and its place, as the kernel writes them.
    private let mounts: Set<String>

    /// - Parameter text: of /proc/self/mountinfo.
    init(below root: FilePath, _ text: String) {
        let prefix = Self.escaped(root) + "/"
        mounts = Set(
            text.split(separator: "\n").compactMap { line in
                let fields = line.split(separator: " ", maxSplits: 5)
                guard fields.count > 5, fields[4].hasPrefix(prefix) else { return nil }
                return "\(fields[0]) \(fields[2]) \(fields[4])"
            })
    }

    /// As it is now; empty where the kernel does not tell.
    init(below root: FilePath) {
        let data = FileManager.default.contents(atPath: "/proc/self/mountinfo") ?? Data()
        self.init(below: root, String(decoding: data, as: UTF8.self))
    }

    /// proc_pid_mountinfo(5): blanks, tabs, line feeds and backslashes are octal numbers.
    private static func escaped(_ path: FilePath) -> String {
        let bytes = path.bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x20: Array("\\040".utf8)
            case 0x09: Array("\\011".utf8)
            case 0x0A: Array("\\012".utf8)
            case 0x5C: Array("\\134".utf8)
            default: [byte]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
