import Domain
import Foundation
import UseCases

@testable import Audio

/// The children of one pool, told apart from those of other tests by their memory limit.
struct HostProcesses {
    let settings: MediaHostSettings

    init(_ change: (inout MediaHostSettings) -> Void = { _ in }) {
        var settings = MediaLab.settings()
        settings.tagMemoryBytes = (512 << 20) + UInt64.random(in: 1...(64 << 20))
        settings.audioMemoryBytes = (1 << 30) + UInt64.random(in: 1...(64 << 20))
        settings.transcodeMemoryBytes = (384 << 20) + UInt64.random(in: 1...(64 << 20))
        change(&settings)
        self.settings = settings
    }

    var pids: [pid_t] {
        let marks = ["\(settings.tagMemoryBytes)", "\(settings.audioMemoryBytes)", "\(settings.transcodeMemoryBytes)"]
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []  // none is an answer
        return entries.compactMap(pid_t.init).filter { pid in
            let words = text(pid, "cmdline").split(separator: "\0").map(String.init)
            return words.count == 5 && words[1] == "media-host" && marks.contains(words[3])
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

    /// Stops a child while it has this file open: it is in the middle of reading it, and stays there. Nil when that
    /// cannot be had in time.
    func freeze(reading file: MediaFile) async throws -> pid_t? {
        for _ in 0..<60_000 {
            for pid in pids where hasOpen(file, pid) {
                // It may have come to the end between the look and the stop.
                if try await freeze() == pid, hasOpen(file, pid) { return pid }
                kill(pid, SIGCONT)
            }
            try await Task.sleep(for: .milliseconds(1))
        }
        return nil
    }

    /// Stops the one child there is. Nil when it has ended before.
    func freeze() async throws -> pid_t? {
        guard let pid = pids.first else { return nil }
        kill(pid, SIGSTOP)
        while !["T", "Z", ""].contains(state(pid)) { await Task.yield() }
        return state(pid) == "T" ? pid : nil
    }

    private func hasOpen(_ file: MediaFile, _ pid: pid_t) -> Bool {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? []  // it is gone
        return files.contains { number in
            // A descriptor may be closed between the two looks.
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\(number)"))  // nil: closed
                == file.path.display
        }
    }

    /// Waits until the process is gone and its parent has been told: a zombie is not gone.
    func isGone(_ pid: pid_t) async throws -> Bool {
        for _ in 0..<1000 {
            if state(pid).isEmpty { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    /// The letter that the kernel gives to what a process does; empty when it is gone.
    func state(_ pid: pid_t) -> String {
        // The name before it stands in parentheses and may hold anything.
        text(pid, "stat").split(separator: ")").last.map { String($0.dropFirst().prefix(1)) } ?? ""
    }
}
