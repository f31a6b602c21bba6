/// The artist or album that somebody means: by id, or by the name that a track of it has.
struct SeedFinder: Sendable {
    let client: APIClient

    var tracks: TrackFinder { TrackFinder(client: client) }

    /// Search hits in which the name is looked for.
    private static let hits = 100

    func artist(_ text: String) async throws -> Int64 {
        if let id = Int64(text), id > 0 { return id }
        let hits = try await search(text)
        for hit in hits {
            for (name, id) in zip(hit.artists ?? [], hit.artistIDs ?? []) where Self.areSame(name, text) { return id }
        }
        guard let id = hits.lazy.compactMap({ $0.artistIDs?.first }).first else {
            throw CommandError.failed("no artist matches \"\(text)\"")
        }
        return id
    }

    func album(_ text: String) async throws -> Int64 {
        if let id = Int64(text), id > 0 { return id }
        let hits = try await search(text)
        let exact = hits.first { hit in hit.albumID != nil && hit.album.map { Self.areSame($0, text) } ?? false }
        guard let id = exact?.albumID ?? hits.lazy.compactMap(\.albumID).first else {
            throw CommandError.failed("no album matches \"\(text)\"")
        }
        return id
    }

    private func search(_ text: String) async throws -> [TrackView] {
        try await client.get("/v1/search", [("q", text), ("limit", "\(Self.hits)")])
            .decode(PageView<TrackView>.self).items
    }

    private static func areSame(_ one: String, _ other: String) -> Bool { one.lowercased() == other.lowercased() }
}
