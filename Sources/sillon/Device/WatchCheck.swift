import Files

/// What the kernel allows a user to watch, against what this program may want.
enum WatchCheck {
    private static let folder = "/proc/sys/fs/inotify/"
    /// Of library roots; each has a watcher of its own, and other programs of the user have theirs.
    private static let instancesWanted = 16

    static func run(isOn: Bool, memoryBytes: Int64, files: SystemFiles = SystemFiles()) -> DoctorReport.Check {
        let name = "watching"
        guard isOn else {
            return .init(name: name, verdict: .fine, detail: "library roots are not watched (SILLON_WATCH)")
        }
        guard let watches = files.line(folder + "max_user_watches").flatMap(Int.init),
            let instances = files.line(folder + "max_user_instances").flatMap(Int.init)
        else {
            return .init(
                name: name, verdict: .warning,
                detail: "this kernel tells of no changes (inotify); roots are scanned every 15 minutes")
        }
        let wanted = WatchBudget.limit(memoryBytes: memoryBytes)
        var raise: [String] = []
        if watches < wanted { raise.append("fs.inotify.max_user_watches=\(wanted)") }
        if instances < instancesWanted { raise.append("fs.inotify.max_user_instances=128") }
        let detail = "up to \(min(watches, wanted)) folders; what is beyond is scanned every 15 minutes"
        guard !raise.isEmpty else { return .init(name: name, verdict: .fine, detail: detail) }
        // Fewer than could be held are no fault: most libraries have fewer folders still.
        let isFew = watches < WatchBudget.range.lowerBound || instances < instancesWanted
        return .init(
            name: name, verdict: isFew ? .warning : .fine,
            detail: detail + "; the kernel allows \(watches) folders and \(instances) watchers, more with: sysctl -w "
                + raise.joined(separator: " "))
    }
}
