import Foundation

/// A control group with a limit on memory, where this machine lets one be made.
package final class MemoryGroup: Sendable {
    private let folder: String
    private let isVersion2: Bool

    /// Nil, with the reason printed, where there is none to be had.
    package init?(mebibytes: Int) {
        let name = "sillon-test-\(UUID().uuidString.prefix(8))"
        let mount = "/sys/fs/cgroup"
        isVersion2 = FileManager.default.fileExists(atPath: mount + "/cgroup.controllers")
        folder = isVersion2 ? "\(mount)/\(name)" : "\(mount)/memory/\(name)"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            try write(mebibytes << 20, to: isVersion2 ? "memory.max" : "memory.limit_in_bytes")
        } catch {
            rmdir(folder)
            print("not checked with little memory: no control group can be made: \(error)")
            return nil
        }
        for file in ["memory.swap.max", "memory.swappiness"] {
            try? write(0, to: file)  // swap would hide what does not fit; a machine without any has no such file
        }
    }

    deinit {
        for _ in 0..<50 where rmdir(folder) != 0 && errno == EBUSY { usleep(100_000) }
    }

    /// Arguments before a program that make it, and all its children, members.
    package var wrapper: [String] {
        ["/bin/sh", "-c", #"echo $$ > "$0/cgroup.procs" && exec "$@""#, folder]
    }

    /// Bytes that its members hold now, without what the kernel can drop at any time.
    package var heldBytes: Int {
        let key = isVersion2 ? "anon " : "total_rss "
        let line = Lab.text(folder + "/memory.stat").split(separator: "\n").first { $0.hasPrefix(key) }
        return line.flatMap { Int($0.dropFirst(key.count)) } ?? 0
    }

    /// Members that the kernel ended because they wanted more.
    package var kills: Int? {
        let file = isVersion2 ? "memory.events" : "memory.oom_control"
        let line = Lab.text("\(folder)/\(file)").split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
        return line.flatMap { Int($0.dropFirst("oom_kill ".count)) }
    }

    private func write(_ value: Int, to file: String) throws {
        // Without making it: what is no file of a control group must fail here.
        let handle = try FileHandle(forWritingTo: URL(filePath: "\(folder)/\(file)"))
        defer { try? handle.close() }  // nothing of it is kept in memory
        try handle.write(contentsOf: Data("\(value)".utf8))
    }
}
