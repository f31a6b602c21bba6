/// Which of two offers is taken first.
package enum DownloadPreference: String, Codable, CaseIterable, Sendable {
    /// Those without loss before all others.
    case lossless
    /// The best, as the source ranks them.
    case any
}
