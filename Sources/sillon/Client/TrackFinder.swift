import Domain
import Foundation

/// The track that somebody means: by id, by path, or by words.
struct TrackFinder: Sendable {
    let client: APIClient

    /// Search hits that are looked through for the file of a path.
    private static let maxHits = 100

    func find(_ text: String) async throws -> TrackView {
        if let id = Int64(text), id > 0 {
            return try await client.get("/v1/tracks/\(id)").decode(TrackView.self)
        }
        if text.contains("/") || FileManager.default.fileExists(atPath: text) {
            if let track = try await byPath(text) { return track }
        }
        return try await byWords(text)
    }

    /// Nil when the path leads to no file. There is no search by path in the API, so the pages of tracks are read.
    private func byPath(_ text: String) async throws -> TrackView? {
        guard let path = try? PathArgument.canonical(text) else { return nil }  // then the words are tried
        var cursor: String?
        repeat {
            let page = try await client.get("/v1/tracks", [("limit", "500"), ("cursor", cursor)])
                .decode(PageView<TrackView>.self)
            if let track = page.items.first(where: { $0.path == path.encoded }) { return track }
            cursor = page.nextCursor
        } while cursor != nil
        throw CommandError.failed("\(path.display) is not in the library; scan its folder first")
    }

    private func byWords(_ text: String) async throws -> TrackView {
        let hits = try await client.get("/v1/search", [("q", text), ("limit", "5")])
            .decode(PageView<TrackView>.self).items
        guard let best = hits.first else { throw CommandError.failed("no track matches \"\(text)\"") }
        if hits.count > 1 {
            Console.note("\(hits.count == 5 ? "several" : "\(hits.count)") tracks match; this is the best match")
        }
        return best
    }
}
