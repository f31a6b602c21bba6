import Foundation

/// Who may use the stand-in for slskd, which version it plays, and how fast its network is.
package struct SlskdSettings: Sendable {
    package var apiKey = "sillon-demo-key-0123456789"
    package var username = "slskd"
    package var password = "slskd"
    /// Batches of downloads came with 0.26.0.
    package var version = "0.26.0"
    /// Where finished files go.
    package var downloads: URL
    /// All waiting is multiplied by this: 1 is about as slow as a good evening.
    package var timeScale = 1.0
    /// A finished file of the same name is overwritten, not kept beside the new one.
    package var isOverwriting = false

    package init(downloads: URL) { self.downloads = downloads }

    var hasBatches: Bool {
        let parts = version.split(separator: ".").compactMap { Int($0) }
        return parts.count > 1 && (parts[0], parts[1]) >= (0, 26)
    }
}
