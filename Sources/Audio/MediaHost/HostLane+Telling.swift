import CMediaHost
import Domain
import Glibc
import Logging
import Telemetry
import UseCases

extension HostLane {
    /// A child that ended before its time, to the log: the thread knows no task, so the job tells whose it was.
    /// - Parameter failure: how it ended; nil where no file is to blame.
    func tell(_ reason: HostRestart, _ failure: Failure? = nil, of pid: pid_t?, over job: HostJob?) {
        var metadata = job?.work?.metadata ?? [:]
        metadata[LogKeys.reason] = .string(reason.rawValue)
        metadata[LogKeys.duty] = .string(queue.duty.rawValue)
        if let failure { metadata[LogKeys.error] = .string(failure.message) }
        if let pid { metadata[LogKeys.processID] = .stringConvertible(pid) }
        if let job { metadata[LogKeys.path] = .string(job.request.file.path.display) }
        queue.logger.notice("A media host ended before its time", metadata: metadata)
    }
}

extension HostJob {
    /// What a child did with it, to the trace.
    ///
    /// - Parameters:
    ///   - sinceUs: when the child had nothing else to do any more, on the clock that does not jump.
    ///   - child: who worked on it.
    ///   - isLongWork: one job at a time, so that the child's memory says something of this one.
    func tell(_ result: Result<HostAnswer, any Error>, sinceUs: Int64, by child: ChildProcess?, isLongWork: Bool) {
        guard let work, work.trace?.isSampled == true else { return }
        let peak = isLongWork ? child?.peakMemoryBytes : nil
        work.mediaHost(
            request.kind.name, microseconds: sillon_monotonic_us() - sinceUs, processID: child?.pid, peakBytes: peak,
            failure: result.failure)
    }
}

extension Result {
    fileprivate var failure: Domain.Failure? {
        guard case .failure(let error) = self else { return nil }
        return error as? Domain.Failure
    }
}

extension HostRequest.Kind {
    fileprivate var name: String {
        switch self {
        case .tags: "tags"
        case .contentKey: "content_key"
        case .analyze: "analyze"
        case .sketch: "sketch"
        case .writeGain: "write_gain"
        case .parts: "parts"
        case .picture: "picture"
        }
    }
}
