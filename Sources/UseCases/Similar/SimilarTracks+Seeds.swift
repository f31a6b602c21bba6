import Domain
import Similarity

/// From the seeds of a question to a point in the space of sounds.
extension SimilarTracks {
    /// Tracks of one album or artist whose mean is taken, evenly chosen when there are more.
    private static let maxTracksOfSeed = 1000

    struct Aim: Sendable {
        let vector: [Float]
        /// The tracks that the seeds stand for.
        let plus: Set<Int64>
        let minus: Set<Int64>
    }

    private struct Sound: Sendable {
        let vector: [Float]
        let tracks: [Int64]
    }

    /// Each seed counts the same, be it a track or an artist of a thousand tracks.
    func aim(_ target: SimilarityTarget) async throws -> Aim {
        if let both = target.plus.first(where: target.minus.contains) {
            throw SimilarityProblem.senseless("\(both) is both to be added and to be subtracted")
        }
        var (plus, minus): ([Sound], [Sound]) = ([], [])
        for seed in target.plus { plus.append(try await sound(of: seed)) }
        for seed in target.minus { minus.append(try await sound(of: seed)) }
        let vector = SeedVector.combine(
            plus: plus.map(\.vector), minus: minus.map(\.vector),
            minusWeight: target.minusWeight.map { Float($0) } ?? SeedVector.defaultMinusWeight)
        guard let vector else {
            throw SimilarityProblem.senseless("the seeds cancel each other out: nothing is left to sound like")
        }
        return Aim(vector: vector, plus: Set(plus.flatMap(\.tracks)), minus: Set(minus.flatMap(\.tracks)))
    }

    /// The vector of one track.
    func vector(of trackID: Int64) async throws -> [Float] {
        if let vector = try await vectors.vectors(of: [trackID])[trackID] { return vector }
        throw try await whyWithoutVector(trackID)
    }

    /// Throws what no track could ever pass.
    func genreIDs(_ filter: SimilarityFilter) async throws -> Set<Int64>? {
        if let from = filter.yearFrom, let to = filter.yearTo, from > to {
            throw SimilarityProblem.senseless("no year lies between year_from \(from) and year_to \(to)")
        }
        guard !filter.genres.isEmpty else { return nil }
        let ids = try await catalogue.genreIDs(named: filter.genres)
        for (name, id) in zip(filter.genres, ids) where id == nil {
            throw SimilarityProblem.senseless("no track has the genre \"\(name)\"")
        }
        return Set(ids.compactMap(\.self))
    }

    private func sound(of seed: SimilaritySeed) async throws -> Sound {
        switch seed {
        case .track(let id): return Sound(vector: try await vector(of: id), tracks: [id])
        case .album(let id):
            let tracks = facts.table.tracks(ofAlbum: id)
            if let sound = try await centre(of: tracks, seed) { return sound }
            _ = try await catalogue.album(id: id)
            throw try await whyNothingHeard(TrackFilter(albumID: id, state: .present), seed)
        case .artist(let id):
            let tracks = facts.table.tracks(ofArtist: id)
            if let sound = try await centre(of: tracks, seed) { return sound }
            _ = try await catalogue.artist(id: id)
            throw try await whyNothingHeard(TrackFilter(artistID: id, state: .present), seed)
        }
    }

    /// Nil when none of the tracks has a vector.
    private func centre(of tracks: [Int64], _ seed: SimilaritySeed) async throws -> Sound? {
        let step = (tracks.count + Self.maxTracksOfSeed - 1) / Self.maxTracksOfSeed
        let chosen = stride(from: 0, to: tracks.count, by: max(1, step)).map { tracks[$0] }
        let known = try await vectors.vectors(of: chosen)
        guard !known.isEmpty else { return nil }
        // In one order, so that the sum is the same each time.
        guard let vector = SeedVector.centroid(chosen.compactMap { known[$0] }) else {
            throw SimilarityProblem.senseless("the tracks of \(seed) cancel each other out")
        }
        return Sound(vector: vector, tracks: tracks)
    }

    private func whyNothingHeard(_ filter: TrackFilter, _ seed: SimilaritySeed) async throws -> any Error {
        let first = try await catalogue.tracks(filter, page: PageRequest(limit: 1)).items.first
        guard let first else { return SimilarityProblem.notHeard("\(seed) has no tracks that are present", nil) }
        return try await whyWithoutVector(first.id)
    }

    private func whyWithoutVector(_ trackID: Int64) async throws -> any Error {
        let track = try await catalogue.track(id: trackID)
        let task = try await catalogue.task(ofTrack: trackID)
        let what =
            switch (track.state, track.analysis?.status) {
            case (.missing, _): "its file is missing"
            case (_, .silent?): "its audio is silent"
            case (_, .tooShort?): "its audio is too short to compare"
            case (_, .complete?), (_, .truncated?): "it was analysed, and its vector is still to be computed"
            case (_, nil): "it has not been analysed yet"
            }
        let by = task.map { "; task \($0.id) (\($0.kind.rawValue)) is \($0.state.rawValue)" } ?? ""
        return SimilarityProblem.notHeard("track \(trackID) has no vector: \(what)\(by)", task)
    }
}
