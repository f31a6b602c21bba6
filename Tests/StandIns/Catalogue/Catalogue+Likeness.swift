extension Catalogue {
    package struct Alike<Thing: Sendable>: Sendable {
        package let thing: Thing
        /// 0 to 1.
        package let score: Double
    }

    /// Recordings with tags in common, the nearest first; the same always.
    package func similar(to recording: Recording, limit: Int) -> [Alike<Recording>] {
        let own = Set(recording.credits.map(\.artistID))
        let scored = recordings.filter { $0.id != recording.id }.map { other in
            let isSameArtist = other.credits.contains { own.contains($0.artistID) }
            let score = 0.6 * Self.overlap(recording.tags, other.tags) + (isSameArtist ? 0.3 : 0)
            return Alike(thing: other, score: score + Self.grain(recording.id, other.id))
        }
        return Self.best(scored, limit) { $0.id }
    }

    package func similar(to artist: Artist, limit: Int) -> [Alike<Artist>] {
        let scored = artists.filter { $0.id != artist.id && !$0.tags.isEmpty }.map { other in
            Alike(thing: other, score: 0.9 * Self.overlap(artist.tags, other.tags) + Self.grain(artist.id, other.id))
        }
        return Self.best(scored, limit) { $0.id }
    }

    /// Below this nobody would call two things alike.
    private static let leastScore = 0.15

    private static func best<Thing>(
        _ scored: [Alike<Thing>], _ limit: Int, id: (Thing) -> String
    ) -> [Alike<Thing>] {
        let kept = scored.filter { $0.score >= leastScore }
        return Array(kept.sorted { ($1.score, id($0.thing)) < ($0.score, id($1.thing)) }.prefix(max(0, limit)))
    }

    /// Tags in common, as a share of all (Jaccard).
    private static func overlap(_ left: [Tag], _ right: [Tag]) -> Double {
        let (left, right) = (Set(left.map(\.name)), Set(right.map(\.name)))
        let all = left.union(right).count
        return all == 0 ? 0 : Double(left.intersection(right).count) / Double(all)
    }

    /// Up to 0.1 that depends on both ids, so that few scores are equal.
    private static func grain(_ left: String, _ right: String) -> Double {
        let sum = (left + right).utf8.reduce(UInt32(17)) { ($0 &* 31) &+ UInt32($1) }
        return Double(sum % 1000) / 10_000
    }
}
