import Domain

/// Artists of this library that are like another: those that services outside call so, or else those that sound so.
package struct SimilarArtists: Sendable {
    private let catalogue: any Catalogue
    private let similarity: any SimilarityFinder

    /// Tracks whose artists are taken for similar ones.
    private static let neighbours = 200
    /// Names of artists that are looked up in the library.
    private static let namesMax = 30

    package init(catalogue: any Catalogue, similarity: any SimilarityFinder) {
        self.catalogue = catalogue
        self.similarity = similarity
    }

    /// The most similar first; none for an artist of whom nobody said anything and nothing was listened to.
    /// - Parameter findings: What services outside said of the artist.
    package func similar(
        to artist: Artist, findings: [OutsideFinding], count: Int
    ) async throws -> [SimilarArtist] {
        guard count > 0 else { return [] }
        let matches = findings.flatMap { finding in
            (finding.facts?.similar ?? []).map { (source: finding.source, match: $0) }
        }
        var found: [SimilarArtist] = []
        for (source, match) in matches.prefix(Self.namesMax) where found.count < count {
            guard let known = try await catalogue.artist(named: match.name), known.id != artist.id,
                !found.contains(where: { $0.artist.id == known.id })
            else { continue }
            found.append(SimilarArtist(artist: known, match: match.match, source: source))
        }
        return found.isEmpty ? try await soundingLike(artist.id, count: count) : found
    }

    private func soundingLike(_ id: Int64, count: Int) async throws -> [SimilarArtist] {
        let question = SimilarQuestion(SimilarityTarget(plus: [.artist(id)]), limit: Self.neighbours)
        let tracks: [SimilarTrack]
        do {
            tracks = try await similarity.similar(question)
        } catch is SimilarityProblem {
            return []
        }
        var seen: Set = [id]
        var found: [SimilarArtist] = []
        for track in tracks where found.count < count {
            guard let id = track.track.artistIDs.first, seen.insert(id).inserted else { continue }
            found.append(
                SimilarArtist(artist: try await catalogue.artist(id: id), match: track.score, source: nil))
        }
        return found
    }
}

/// An artist that is like another.
package struct SimilarArtist: Hashable, Sendable {
    package var artist: Artist
    /// 0 to 1: as the service says, or the score of the track that sounds most like the other artist.
    package var match: Double
    /// Who said so; nil where it is the sound that is alike.
    package var source: ServiceID?

    package init(artist: Artist, match: Double, source: ServiceID?) {
        self.artist = artist
        self.match = match
        self.source = source
    }
}
