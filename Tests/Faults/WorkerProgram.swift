/// What runs at the posts of workers.
package enum WorkerProgram: String, CaseIterable, Codable, Sendable {
    case sillon
    /// The same worker in a program of the tests, with heartbeats ten times as fast.
    case quick
    /// As `quick`, and the fence is taken out.
    case unfenced
}
