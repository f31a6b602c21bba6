import Domain
import Similarity

/// The three questions: a list, a path, a radio.
extension SimilarTracks {
    package func similar(_ question: SimilarQuestion) async throws -> [SimilarTrack] {
        try await catchUp()
        let aim = try await aim(question.target)
        let genreIDs = try await genreIDs(question.filter)
        let found = try withIndex { index in
            let table = facts.table
            let gate = FactsGate(
                table: table, filter: question.filter, genreIDs: genreIDs, rules: question.rules, seeds: aim.plus,
                excluding: aim.minus, follows: true)
            let hits = try SimilarList.find(
                aim.vector, limit: question.limit, in: index, table: table, gate: gate, rules: question.rules)
            return hits.map { hit in
                var found = Found(id: hit.id, likeness: hit.likeness)
                found.why.shares = index.vector(hit.id).flatMap { SoundShares(between: aim.vector, and: $0) }
                found.why.rank = hit.pick.rank + 1
                found.why.movedBy = hit.pick.movedBy
                found.why.broken = hit.pick.broken
                return found
            }
        }
        return try await tracks(found)
    }

    package func path(_ question: PathQuestion) async throws -> [SimilarTrack] {
        guard question.from != question.to else {
            throw SimilarityProblem.senseless("a path leads from one track to another, not to itself")
        }
        try await catchUp()
        let (start, end) = (try await vector(of: question.from), try await vector(of: question.to))
        let genreIDs = try await genreIDs(question.filter)
        let found = try withIndex { index in
            let table = facts.table
            let gate = FactsGate(
                table: table, filter: question.filter, genreIDs: genreIDs, rules: question.rules,
                seeds: [question.from, question.to])
            var near: Set<Int64> = []
            for point in PathSearch.points(from: start, to: end, length: question.length) {
                near.formUnion(
                    try index.nearest(to: point, limit: PathSearch.anchorTracks, where: gate.admits).map(\.id))
            }
            let cloud = PointCloud(near.sorted(), dimension: index.dimension, vector: index.vector)
            let search = PathSearch(
                cloud: cloud, table: table, rules: question.rules, start: start, end: end,
                startID: question.from)
            let between = search.stops(question.length).map { (id: $0.id, broken: $0.broken) }
            let ids = [(id: question.from, broken: [])] + between + [(id: question.to, broken: [])]
            return Self.steps(ids, from: start, in: index)
        }
        return try await tracks(found)
    }

    package func radio(_ question: RadioQuestion) async throws -> RadioStretch {
        try await catchUp()
        let aim = try await aim(question.target)
        let genreIDs = try await genreIDs(question.filter)
        let place = question.place
        let recent = place.position == 0 ? question.target.tracks.suffix(RadioWalk.maxWindow) : place.recent[...]
        let (found, next) = try withIndex { index in
            let table = facts.table
            let gate = FactsGate(
                table: table, filter: question.filter, genreIDs: genreIDs, rules: question.rules,
                excluding: aim.minus)
            let pool = try index.nearest(to: aim.vector, limit: RadioWalk.poolSize, where: gate.admits)
            let cloud = PointCloud(pool.map(\.id), dimension: index.dimension, vector: index.vector)
            var walk = RadioWalk(
                cloud: cloud, anchor: aim.vector, table: table, rules: question.rules,
                seed: UInt64(clamping: place.seed), position: place.position, recent: Array(recent),
                previous: place.recent.last.flatMap(index.vector))
            let found = (0..<question.limit).compactMap { _ in
                walk.next().map { Self.found($0, aim: aim.vector, in: index) }
            }
            return (found, RadioPlace(seed: place.seed, position: walk.position, recent: walk.recent))
        }
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

    private static func found(_ step: RadioWalk.Step, aim: [Float], in index: VectorIndex) -> Found {
        var found = Found(id: step.id, likeness: step.likeness)
        found.step = step.step
        found.why.shares = index.vector(step.id).flatMap { SoundShares(between: aim, and: $0) }
        found.why.broken = step.broken
        return found
    }

    private static func steps(
        _ ids: [(id: Int64, broken: [SimilarityRule])], from start: [Float], in index: VectorIndex
    ) -> [Found] {
        var previous: [Float]?
        return ids.compactMap { id, broken in
            guard let vector = index.vector(id) else { return nil }
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
