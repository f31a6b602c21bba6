import Telemetry
import UseCases

/// One request, and what is called once with its answer, on the thread of the lane.
struct HostJob: Sendable {
    let id: UInt64
    let request: HostRequest
    /// Learns what the child took for it.
    var gauge: AttemptGauge?
    /// What it is for, which threads do not know; nil where nobody asked to be told.
    var work: WorkContext?
    let finish: @Sendable (Result<HostAnswer, any Error>) -> Void
}
