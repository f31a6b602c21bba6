import Domain
import Foundation

/// MusicBrainz's web service, version 2 (musicbrainz.org/doc/MusicBrainz_API).
package struct MusicBrainz: Sendable {

    let caller: HTTPCaller

    private static let limit = Duration.seconds(30)

    /// - Parameter caller: says who asks, and where to write to; who does not shares a small quota with all who do not.
    package init(caller: HTTPCaller) {
        self.caller = caller
    }

    /// Nil for what MusicBrainz does not know.
    func get<Value: Decodable & Sendable>(
        _ path: String, _ query: [(name: String, value: String)], as type: Value.Type
    ) async throws -> Value? {
        var request = ServiceRequest(path, limit: Self.limit)
        request.query = query + [("fmt", "json")]
        // To the id that took the place of one that was merged.
        request.redirectsMax = 2
        return try await caller.call(request) { answer in
            switch answer.status {
            case 200: try answer.read(type, of: .musicbrainz)
            // An id that is none is not known either.
            case 404: nil
            default: throw answer.refusal(of: .musicbrainz)
            }
        }
    }

    /// By its id, which may lead to another since it was merged: what is answered counts.
    func lookUp<Value: Decodable & Sendable>(
        _ entity: String, _ id: String?, including details: [String], as type: Value.Type
    ) async throws -> Value? {
        guard let id = id.flatMap({ MusicBrainzID($0)?.text }) else { return nil }
        return try await get(
            "/\(entity)/\(id)", [("inc", details.joined(separator: " "))], as: type)
    }

    func search<Value: Decodable & Sendable>(
        _ entity: String, _ query: LuceneQuery, as type: Value.Type
    ) async throws -> Value? {
        guard !query.text.isEmpty else { return nil }
        return try await get("/\(entity)", [("query", query.text), ("limit", "25")], as: type)
    }
}
