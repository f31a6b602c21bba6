import CFiles
import Domain

/// When anything about a file changed last: content, name, owner, notes. No program can set it back, as it can mtime.
package struct ChangeTime: Hashable, Sendable {
    private let seconds: Int64
    private let nanoseconds: Int64

    fileprivate init(_ time: sillon_time) { (seconds, nanoseconds) = (time.seconds, time.nanoseconds) }
}

extension OpenFile {
    package func changeTime() throws(Failure) -> ChangeTime {
        var time = sillon_time()
        let error = sillon_change_time(number, &time)
        guard error == 0 else {
            let found = SystemError(number: error)
            throw Failure(found.reason, "\(path.quoted) cannot be examined: \(found.text)")
        }
        return ChangeTime(time)
    }
}
