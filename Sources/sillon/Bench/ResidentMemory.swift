/// What this process had in memory at most.
struct ResidentMemory: Hashable {
    /// Bytes.
    let peak: Int
    /// Of these, pages of the program's own file and its libraries, as they are now: shared by all who run them.
    let files: Int

    init(peak: Int, files: Int) {
        (self.peak, self.files) = (peak, files)
    }

    /// Nil where the system does not tell.
    init?(_ files: SystemFiles = SystemFiles()) {
        guard let lines = files.text("/proc/self/status")?.split(separator: "\n") else { return nil }
        func bytes(_ name: String) -> Int? {
            let words = lines.first { $0.hasPrefix(name) }?.split(whereSeparator: \.isWhitespace)
            return words?.dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
        }
        guard let peak = bytes("VmHWM:"), let shared = bytes("RssFile:") else { return nil }
        self.init(peak: peak, files: shared)
    }
}
