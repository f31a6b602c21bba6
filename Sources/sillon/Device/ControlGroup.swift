/// The limits that control groups put on this process: the tightest one on the way up to the root. Version 2, and version 1
/// where a NAS has no other.
struct ControlGroup: Hashable, Sendable {
    /// Bytes, and the file that says so.
    private(set) var memoryLimit: Int64?
    private(set) var memorySource: String?
    /// Whole and partial processors, and the file that says so.
    private(set) var processorLimit: Double?
    private(set) var processorSource: String?

    private static let mount = "/sys/fs/cgroup"
    /// Groups nest less deep than this.
    private static let maxDepth = 64
    /// Version 1 says "no limit" with a number near the largest there is.
    private static let noLimit: Int64 = 1 << 60

    init(files: SystemFiles) {
        for folder in Self.way(from: Self.ownFolder(files)) {
            takeMemory("\(Self.mount)\(folder)/memory.max", files)
            let file = "\(Self.mount)\(folder)/cpu.max"
            takeProcessors(files.line(file)?.split(separator: " ").map(String.init) ?? [], file)
        }
        for folder in Self.way(from: Self.ownFolder(files, controller: "memory")) {
            takeMemory("\(Self.mount)/memory\(folder)/memory.limit_in_bytes", files)
        }
        for folder in Self.way(from: Self.ownFolder(files, controller: "cpu")) {
            let file = "\(Self.mount)/cpu\(folder)/cpu.cfs_quota_us"
            let period = files.line("\(Self.mount)/cpu\(folder)/cpu.cfs_period_us")
            takeProcessors([files.line(file), period].compactMap(\.self), file)
        }
    }

    /// Whether a limit on memory has any effect here: a Raspberry Pi starts without the controller.
    static func limitsMemory(_ files: SystemFiles) -> Bool? {
        if let controllers = files.line(mount + "/cgroup.controllers") {
            return controllers.split(separator: " ").contains("memory")
        }
        return files.line(mount + "/memory/memory.limit_in_bytes").map { _ in true }
    }

    /// What the own group says of waiting for memory (PSI); nil where only the machine tells.
    static func pressure(_ files: SystemFiles) -> String? {
        files.text("\(mount)\(ownFolder(files))/memory.pressure")
    }

    /// The line `0::/path` of /proc/self/cgroup, or `4:memory:/path` of version 1, as a path below the mount without a
    /// slash at its end.
    private static func ownFolder(_ files: SystemFiles, controller: String = "") -> String {
        for line in (files.text("/proc/self/cgroup") ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2].hasPrefix("/"),
                parts[1].split(separator: ",", omittingEmptySubsequences: false).contains(controller[...])
            else { continue }
            // Outside of this cgroup namespace: only the mount itself can be read.
            return parts[2].contains("/..") || parts[2] == "/" ? "" : String(parts[2])
        }
        return ""
    }

    /// The folder and those above it, up to the mount.
    private static func way(from folder: String) -> [String] {
        var (folder, way) = (folder, [String]())
        while way.count < maxDepth {
            way.append(folder)
            guard let slash = folder.lastIndex(of: "/") else { break }
            folder = String(folder[..<slash])
        }
        return way
    }

    private mutating func takeMemory(_ file: String, _ files: SystemFiles) {
        guard let text = files.line(file), let limit = Int64(text), limit > 0, limit < memoryLimit ?? Self.noLimit
        else { return }
        memoryLimit = limit
        memorySource = file
    }

    /// Quota and period: `150000 100000` is 1.5 processors; `max 100000` and `-1 100000` are no limit.
    private mutating func takeProcessors(_ parts: [String], _ file: String) {
        guard parts.count == 2, let quota = Double(parts[0]), let period = Double(parts[1]), quota > 0, period > 0,
            quota / period < processorLimit ?? .infinity
        else { return }
        processorLimit = quota / period
        processorSource = file
    }
}
