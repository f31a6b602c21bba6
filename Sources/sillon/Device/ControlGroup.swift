/// The limits that version 2 control groups put on this process: the tightest one on the way up to the root.
struct ControlGroup: Hashable, Sendable {
    /// Bytes, and the file that says so.
    var memoryLimit: Int64?
    var memorySource: String?
    /// Whole and partial processors, and the file that says so.
    var processorLimit: Double?
    var processorSource: String?

    private static let mount = "/sys/fs/cgroup"
    /// Groups nest less deep than this.
    private static let maxDepth = 64

    init(files: SystemFiles) {
        var folder = Self.ownFolder(files)
        for _ in 0..<Self.maxDepth {
            readLimits(of: folder, files)
            guard let slash = folder.lastIndex(of: "/") else { break }
            folder = String(folder[..<slash])
        }
    }

    /// The line `0::/path` of /proc/self/cgroup, as a path below the mount without a slash at its end.
    private static func ownFolder(_ files: SystemFiles) -> String {
        let lines = (files.text("/proc/self/cgroup") ?? "").split(separator: "\n")
        guard let own = lines.first(where: { $0.hasPrefix("0::/") }) else { return "" }
        let path = own.dropFirst(3)
        // Outside of this cgroup namespace: only the mount itself can be read.
        if path.contains("/..") { return "" }
        return path == "/" ? "" : String(path)
    }

    private mutating func readLimits(of folder: String, _ files: SystemFiles) {
        let memoryFile = "\(Self.mount)\(folder)/memory.max"
        if let text = files.line(memoryFile), let limit = Int64(text), limit > 0, limit < memoryLimit ?? .max {
            memoryLimit = limit
            memorySource = memoryFile
        }
        let processorFile = "\(Self.mount)\(folder)/cpu.max"
        if let text = files.line(processorFile), let limit = Self.processors(text),
            limit < processorLimit ?? .infinity
        {
            processorLimit = limit
            processorSource = processorFile
        }
    }

    /// `150000 100000` is 1.5 processors; `max 100000` is no limit.
    private static func processors(_ text: String) -> Double? {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let quota = Double(parts[0]), let period = Double(parts[1]), quota > 0, period > 0
        else { return nil }
        return quota / period
    }
}
