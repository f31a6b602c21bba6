/// One request, and what is called once with its answer, on the thread of the lane.
struct HostJob: Sendable {
    let id: UInt64
    let request: HostRequest
    let finish: @Sendable (Result<HostAnswer, any Error>) -> Void
}
