/// One request and the task that waits for its answer.
struct HostJob: Sendable {
    let id: UInt64
    let request: HostRequest
    let continuation: CheckedContinuation<HostAnswer, any Error>
}
