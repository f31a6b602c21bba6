import Foundation

@testable import Audio

/// The children of one pool, told apart from those of other tests by their memory limit.
struct HostProcesses {
    let settings: MediaHostSettings

    init(_ change: (inout MediaHostSettings) -> Void = { _ in }) {
        var settings = MediaLab.settings()
        settings.tagMemoryBytes = (512 << 20) + UInt64.random(in: 1...(64 << 20))
        settings.audioMemoryBytes = (1 << 30) + UInt64.random(in: 1...(64 << 20))
        change(&settings)
        self.settings = settings
    }

    var pids: [pid_t] {
        let marks = ["\(settings.tagMemoryBytes)", "\(settings.audioMemoryBytes)"]
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []  // none is an answer
        return entries.compactMap(pid_t.init).filter { pid in
            let words = text(pid, "cmdline").split(separator: "\0").map(String.init)
            return words.count == 4 && words[1] == "media-host" && marks.contains(words[3])
        }
    }

    /// A file of /proc; empty when the process is gone.
    func text(_ pid: pid_t, _ name: String) -> String {
        guard let file = fopen("/proc/\(pid)/\(name)", "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 16384)
        return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    }

    func signal(_ number: Int32) {
        for pid in pids { kill(pid, number) }
    }

    /// Waits until there are `count` children; false when that does not happen in time.
    func reach(count: Int) async throws -> Bool {
        for _ in 0..<1000 {
            if pids.count == count { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}
