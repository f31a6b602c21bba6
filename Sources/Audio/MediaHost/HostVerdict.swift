import CMediaHost
import Domain
import Files
import Glibc
import Telemetry

/// What the end of a child says about the file it was reading.
enum HostVerdict {
    /// No sandbox (70, of our own), not executable (126), or a library is missing (127): no fault of any file.
    private static let cannotStart: Set<Int32> = [70, 126, 127]

    static func restart(after end: ChildProcess.End) -> HostRestart {
        switch end {
        case .signalled(SIGXCPU), .lingering: .timeout
        case .exited(let code) where cannotStart.contains(code): .failed
        case .signalled, .exited: .crashed
        }
    }

    /// Of a child that ends by itself after its answer: it notices most limits before they are enforced.
    static func restart(afterLast answer: Result<HostAnswer, any Error>) -> HostRestart {
        guard case .failure(let failure as Failure) = answer else { return .retired }
        switch failure.reason {
        case .parserTimeout: return .timeout
        case .parserMemory: return .memory
        case .parserCrash: return .crashed
        default: return .retired
        }
    }

    static func failure(of end: ChildProcess.End, path: FilePath) -> Failure {
        switch end {
        case .signalled(SIGXCPU):
            Failure(.parserTimeout, "reading \(path.quoted) used up its CPU time and was stopped")
        case .signalled(let number):
            Failure(.parserCrash, "reading \(path.quoted) ended with \(String(cString: sillon_signal_name(number)))")
        case .exited(let code) where cannotStart.contains(code):
            Failure(.internalError, "the media host cannot work on this machine: it ended with exit code \(code)")
        case .exited(let code):
            Failure(.parserCrash, "reading \(path.quoted) ended with exit code \(code)")
        case .lingering:
            Failure(.parserTimeout, "reading \(path.quoted) does not answer any more")
        }
    }
}
