import CMediaHost
import Domain
import Glibc

/// A running media host and the socket to it. Belongs to one thread: the child dies with the thread that started it.
final class ChildProcess {
    /// How a child ended.
    enum End: Equatable {
        case exited(Int32)
        case signalled(Int32)
        /// It does not go away although it was killed (the disk does not answer).
        case lingering
    }

    let socket: Int32
    let pid: pid_t
    private var end: End?
    /// What the system said when it ended.
    private var lastPeakBytes: Int64?

    /// `handed` is a descriptor for the child, which stays the caller's too. Throws an error number.
    init(
        executable: String, duty: MediaHostChild.Duty, memoryBytes: UInt64, analysis: AnalysisMode = .full,
        handed: Int32? = nil
    ) throws(SpawnError) {
        var pid: pid_t = 0
        var socket: Int32 = -1
        let arguments = ["sillon", "media-host", duty.rawValue, String(memoryBytes), analysis.rawValue]
        let error = withCStrings(arguments) { arguments in
            withCStrings(ChildProcess.environment) { environment in
                sillon_host_spawn(executable, arguments, environment, handed ?? -1, &pid, &socket)
            }
        }
        guard error == 0 else { throw SpawnError(number: error) }
        self.pid = pid
        self.socket = socket
    }

    struct SpawnError: Error {
        let number: Int32
    }

    /// Only what the loader needs; a crash is reported by the parent, not by a second process.
    private static let environment: [String] = {
        let libraries = getenv("LD_LIBRARY_PATH").map { ["LD_LIBRARY_PATH=" + String(cString: $0)] }
        return ["SWIFT_BACKTRACE=enable=no", "MALLOC_ARENA_MAX=1"] + (libraries ?? [])
    }()

    /// The most memory that it has held so far, or did in its life; nil where the system does not tell.
    var peakMemoryBytes: Int64? {
        if let lastPeakBytes { return lastPeakBytes }
        let peak = sillon_host_peak(pid)
        return peak > 0 ? peak : nil
    }

    func kill() {
        guard end == nil else { return }
        Glibc.kill(pid, SIGKILL)
    }

    /// Waits for a child that was killed or has closed its socket.
    func waitForEnd() -> End {
        if let end { return end }
        let started = sillon_monotonic_us()
        while sillon_monotonic_us() - started < ChildProcess.lingerMaxUs {
            var code: Int32 = 0
            var peak: Int64 = 0
            let found = sillon_host_reap(pid, &code, &peak)
            if peak > 0 { lastPeakBytes = peak }
            switch Int(found) {
            case Int(SILLON_END_RUNNING): poll(nil, 0, 1)
            case Int(SILLON_END_SIGNALLED): return remember(.signalled(code))
            default: return remember(.exited(code))
            }
        }
        return .lingering
    }

    private static let lingerMaxUs: Int64 = 2_000_000

    private func remember(_ end: End) -> End {
        self.end = end
        return end
    }

    deinit {
        close(socket)
        // It has given its last answer, or never will; nothing that it holds must be saved.
        kill()
        if waitForEnd() == .lingering { ChildReaper.shared.adopt(pid) }
    }
}

/// Null-terminated array of C strings, valid during the call.
private func withCStrings<Value>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
) -> Value {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    pointers.append(nil)
    defer { pointers.forEach { free($0) } }
    return body(pointers)
}
