import Domain
import Similarity

/// The three questions: a list, a path, a radio.
extension SimilarTracks {
    package func similar(_ question: SimilarQuestion) async throws -> [SimilarTrack] {
        try await catchUp()
        let aim = try await aim(question.target)
        let genreIDs = try await genreIDs(question.filter)
        let table = facts.table
        let gate = gate(
            FactsGate(
                table: table, filter: question.filter, genreIDs: genreIDs, rules: question.rules, seeds: aim.plus,
                excluding: aim.minus, follows: true))
        let hits = try await SimilarList.find(limit: question.limit, table: table, rules: question.rules) { count in
            try await vectors.nearest(to: aim.vector, limit: count, passing: gate)
        }
        let sounds = try await vectors.vectors(of: hits.map(\.id))
        return try await tracks(
            hits.map { hit in
                var found = Found(id: hit.id, likeness: hit.likeness)
                found.why.shares = sounds[hit.id].flatMap { SoundShares(between: aim.vector, and: $0) }
                found.why.rank = hit.pick.rank + 1
                found.why.movedBy = hit.pick.movedBy
                found.why.broken = hit.pick.broken
                return found
            })
    }

    package func path(_ question: PathQuestion) async throws -> [SimilarTrack] {
        guard question.from != question.to else {
            throw SimilarityProblem.senseless("a path leads from one track to another, not to itself")
        }
        try await catchUp()
        let (start, end) = (try await vector(of: question.from), try await vector(of: question.to))
        let genreIDs = try await genreIDs(question.filter)
        let table = facts.table
        let gate = gate(
            FactsGate(
                table: table, filter: question.filter, genreIDs: genreIDs, rules: question.rules,
                seeds: [question.from, question.to]))
        var near: Set<Int64> = []
        for point in PathSearch.points(from: start, to: end, length: question.length) {
            let some = try await vectors.nearest(to: point, limit: PathSearch.anchorTracks, passing: gate)
            near.formUnion(some.map(\.id))
        }
        var sounds = try await vectors.vectors(of: Array(near))
        let search = PathSearch(
            cloud: PointCloud(near.sorted(), dimension: start.count) { sounds[$0] }, table: table,
            rules: question.rules, start: start, end: end, startID: question.from, endID: question.to)
        let path = search.path(question.length)
        let between = path.stops.map { (id: $0.id, broken: $0.broken) }
        (sounds[question.from], sounds[question.to]) = (start, end)
        let ids = [(id: question.from, broken: [])] + between + [(id: question.to, broken: path.brokenAtEnd)]
        return try await tracks(Self.steps(ids, from: start, sounds))
    }

    package func radio(_ question: RadioQuestion) async throws -> RadioStretch {
        try await catchUp()
        let aim = try await aim(question.target)
        let genreIDs = try await genreIDs(question.filter)
        let place = question.place
        let recent = place.position == 0 ? question.target.tracks.suffix(RadioWalk.maxWindow) : place.recent[...]
        let table = facts.table
        let gate = gate(
            FactsGate(
                table: table, filter: question.filter, genreIDs: genreIDs, rules: question.rules,
                excluding: aim.minus))
        let pool = try await vectors.nearest(to: aim.vector, limit: RadioWalk.poolSize(of: table.count), passing: gate)
            .map(\.id)
        let sounds = try await vectors.vectors(of: pool + place.recent.suffix(1))
        var walk = RadioWalk(
            cloud: PointCloud(pool, dimension: aim.vector.count) { sounds[$0] }, anchor: aim.vector, table: table,
            rules: question.rules, seed: UInt64(clamping: place.seed), position: place.position,
            recent: Array(recent), previous: place.recent.last.flatMap { sounds[$0] })
        let found = (0..<question.limit).compactMap { _ in
            walk.next().map { Self.found($0, aim: aim.vector, sounds) }
        }
        let next = RadioPlace(seed: place.seed, position: walk.position, recent: walk.recent)
        return RadioStretch(items: try await tracks(found), seed: place.seed, next: found.isEmpty ? nil : next)
    }

    /// A hit without its track's row.
    private struct Found: Sendable {
        let id: Int64
        let likeness: Float
        var step: Float?
        var why = SimilarityReason()

        init(id: Int64, likeness: Float) {
            self.id = id
            self.likeness = likeness
        }
    }

    private static func found(_ step: RadioWalk.Step, aim: [Float], _ sounds: [Int64: [Float]]) -> Found {
        var found = Found(id: step.id, likeness: step.likeness)
        found.step = step.step
        found.why.shares = sounds[step.id].flatMap { SoundShares(between: aim, and: $0) }
        found.why.broken = step.broken
        return found
    }

    private static func steps(
        _ ids: [(id: Int64, broken: [SimilarityRule])], from start: [Float], _ sounds: [Int64: [Float]]
    ) -> [Found] {
        var previous: [Float]?
        return ids.compactMap { id, broken in
            guard let vector = sounds[id] else { return nil }
            var found = Found(id: id, likeness: dot(start, vector))
            found.step = previous.map { dot($0, vector) }
            found.why.shares = SoundShares(between: start, and: vector)
            found.why.broken = broken
            previous = vector
            return found
        }
    }

    private static func dot(_ one: [Float], _ other: [Float]) -> Float {
        zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The rows of all hits at once. A track that went meanwhile is left out.
    private func tracks(_ found: [Found]) async throws -> [SimilarTrack] {
        let tracks = try await catalogue.tracks(ids: found.map(\.id))
        let byID = Dictionary(tracks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return found.compactMap { hit in
            byID[hit.id].map { track in
                var similar = SimilarTrack(track: track, score: Self.score(hit.likeness))
                similar.step = hit.step.map(Self.score)
                similar.why = hit.why
                return similar
            }
        }
    }

    private static func score(_ cosine: Float) -> Double { min(1, max(0, Double(cosine))) }
}

extension SimilarityTarget {
    /// The tracks that are seeds themselves: a radio does not begin with what is playing already.
    fileprivate var tracks: [Int64] {
        plus.compactMap { seed in
            if case .track(let id) = seed { id } else { nil }
        }
    }
}
