import Synchronization

/// Where the Cover Art Archive and the archive behind it are; known when both have their ports.
package final class CoverArtHosts: Sendable {
    private struct Urls {
        var front = ""
        var archive = ""
    }

    private let urls = Mutex(Urls())

    package init() {}

    /// `http://127.0.0.1:1234`, both.
    package func set(front: String, archive: String) { urls.withLock { $0 = Urls(front: front, archive: archive) } }

    var front: String { urls.withLock { $0.front } }
    var archive: String { urls.withLock { $0.archive } }
}
