import Foundation
import Glibc

/// What /proc says of a process and of those it started.
package struct Processes: Sendable {
    package struct Entry: Sendable {
        package let id: pid_t
        package let parent: pid_t
        /// Processor time used so far, in clock ticks.
        package let ticks: Int
        package let command: String
    }

    /// All descendants of a process that are alive.
    package static func descendants(of root: pid_t) -> [Entry] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []  // none is an answer
        let entries = all.compactMap(pid_t.init).compactMap(entry)
        var family: Set<pid_t> = [root]
        var members: [Entry] = []
        while let next = entries.first(where: { family.contains($0.parent) && !family.contains($0.id) }) {
            family.insert(next.id)
            members.append(next)
        }
        return members
    }

    package static func mediaHosts(of root: pid_t) -> [pid_t] {
        descendants(of: root).filter { $0.command.contains("media-host") }.map(\.id)
    }

    /// Nil when it is gone, or has ended and waits to be reaped.
    package static func entry(_ id: pid_t) -> Entry? {
        let stat = text(id, "stat")
        // The name in parentheses may hold anything; the fields follow its last parenthesis.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 13, fields[0] != "Z", fields[0] != "X", let parent = pid_t(fields[1]),
            let user = Int(fields[11]), let system = Int(fields[12])
        else { return nil }
        let command = text(id, "cmdline").replacing("\0", with: " ")
        return Entry(id: id, parent: parent, ticks: user + system, command: command)
    }

    /// The most memory a process ever had resident, in MiB.
    package static func peakMiB(_ id: pid_t) -> Int {
        let line = text(id, "status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first).flatMap { Int($0) }.map { $0 / 1024 } ?? 0
    }

    /// A file of /proc; empty when the process is gone.
    package static func text(_ id: pid_t, _ name: String) -> String {
        guard let file = fopen("/proc/\(id)/\(name)", "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65536)
        return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    }
}
