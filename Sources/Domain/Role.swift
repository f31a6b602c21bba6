/// Which workers run a kind of task.
package enum Role: String, Codable, CaseIterable, Sendable {
    case indexer, audio, vector, downloader
}
