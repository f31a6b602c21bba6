import Domain

/// Downloads for those who ask for them.
package struct DownloadDesk: Sendable {
    package let store: any DownloadStore
    private let source: any DownloadSource

    package init(store: any DownloadStore, source: any DownloadSource) {
        self.store = store
        self.source = source
    }

    /// `Artist - Title`, or words that are looked for as they are.
    package static func question(_ words: String) -> DownloadQuestion {
        guard let dash = words.firstRange(of: " - ") else { return DownloadQuestion(artist: "", title: words) }
        return DownloadQuestion(
            artist: String(words[..<dash.lowerBound]), title: String(words[dash.upperBound...]))
    }

    /// The best offer first. Takes as long as the service searches.
    package func search(_ question: DownloadQuestion) async throws -> [DownloadOffer] {
        try await source.search(question)
    }

    /// The service is told, too: at once where it is in reach, else its download goes on and is used by nobody.
    package func cancel(id: String, actor: String) async throws -> DownloadRecord {
        let before = try await store.download(id: id)
        let record = try await store.cancelDownload(id: id, actor: actor)
        if !before.state.isOver, let ticket = before.plan.ticket {
            try? await source.cancel(ticket)  // see above
        }
        return record
    }
}
