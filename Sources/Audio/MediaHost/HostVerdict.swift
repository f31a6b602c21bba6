import CMediaHost
import Domain
import Files
import Glibc

/// What the end of a child says about the file it was reading.
enum HostVerdict {
    static func failure(of end: ChildProcess.End, path: FilePath) -> Failure {
        switch end {
        case .signalled(SIGXCPU):
            Failure(.parserTimeout, "reading \(path.quoted) used up its CPU time and was stopped")
        case .signalled(let number):
            Failure(.parserCrash, "reading \(path.quoted) ended with \(String(cString: sillon_signal_name(number)))")
        case .exited(let code):
            Failure(.parserCrash, "reading \(path.quoted) ended with exit code \(code)")
        case .lingering:
            Failure(.parserTimeout, "reading \(path.quoted) does not answer any more")
        }
    }
}
