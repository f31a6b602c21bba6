import Domain

/// The track that somebody means: by id, by path, or by words.
struct TrackFinder: Sendable {
    let client: APIClient

    /// Search hits that are asked for, so that it can be said when the words fit more than one track.
    private static let hits = 5

    func find(_ text: String) async throws -> TrackView {
        if let id = Int64(text), id > 0, let track = try await byID(id) { return track }
        if text.contains("/") || PathArgument.exists(text) {
            let path = try PathArgument.known(text)
            if let track = try await byPath(path) { return track }
            // A slash alone makes no path: "AC/DC" are words.
            if PathArgument.exists(text) {
                throw CommandError.failed("\(path.display) is not in the library; scan its folder first")
            }
        }
        return try await byWords(text)
    }

    /// Nil when there is no such track: a title may be a number, too.
    private func byID(_ id: Int64) async throws -> TrackView? {
        try await client.find("/v1/tracks/\(id)")?.decode(TrackView.self)
    }

    private func byPath(_ path: FilePath) async throws -> TrackView? {
        try await client.get("/v1/tracks", [("path", path.encoded)]).decode(PageView<TrackView>.self).items.first
    }

    private func byWords(_ text: String) async throws -> TrackView {
        let hits = try await client.get("/v1/search", [("q", text), ("limit", "\(Self.hits)")])
            .decode(PageView<TrackView>.self).items
        guard let best = hits.first else { throw CommandError.failed("no track matches \"\(text)\"") }
        if hits.count > 1 {
            let count = hits.count == Self.hits ? "several" : "\(hits.count)"
            Console.note("\(count) tracks match; this is the best match. For another: sillon search, then its ID")
        }
        return best
    }
}
