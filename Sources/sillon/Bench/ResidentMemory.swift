/// What this process had in memory at most.
enum ResidentMemory {
    /// Bytes; nil where the system does not tell.
    static func peak(_ files: SystemFiles = SystemFiles()) -> Int? {
        let line = files.text("/proc/self/status")?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        return kibibytes.map { $0 * 1024 }
    }
}
