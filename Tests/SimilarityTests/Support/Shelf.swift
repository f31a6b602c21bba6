import Domain

@testable import Similarity

/// A made-up library: random facts and vectors, the same for the same seed.
struct Shelf {
    var table = FactsTable()
    var index: VectorIndex
    var vectors: [Int64: [Float]] = [:]
    private(set) var facts: [Int64: TrackFacts] = [:]

    init(dimension: Int = 16) {
        index = VectorIndex(dimension: dimension)
    }

    /// Ten artists, forty albums, three genres, four folders; some songs have two versions, and some of these two files.
    init(_ count: Int, seed: UInt64, dimension: Int = 16) throws {
        self.init(dimension: dimension)
        var random = SplitMix64(seed: seed)
        for id in 1...Int64(count) {
            var facts = TrackFacts(folder: FilePath("/music/\(Int.random(in: 0..<4, using: &random))"))
            facts.albumID = Int64.random(in: 1...40, using: &random)
            facts.artistIDs = [Int64.random(in: 1...10, using: &random)]
            if Bool.random(using: &random) { facts.artistIDs.append(11) }
            facts.albumArtistIDs = [Int64.random(in: 1...12, using: &random)]
            facts.genreIDs = Array(Set((0..<2).map { _ in Int64.random(in: 1...3, using: &random) })).sorted()
            facts.year = Bool.random(using: &random) ? Int.random(in: 1960...2020, using: &random) : nil
            facts.tempoBpm = Bool.random(using: &random) ? Double.random(in: 60...180, using: &random) : nil
            facts.key = CamelotKey(ordinal: UInt8.random(in: 0...24, using: &random))
            facts.traits = TrackTraits(rawValue: UInt8.random(in: 0...7, using: &random))
            let song = UInt64.random(in: 1...UInt64(count), using: &random)
            let isLong = Bool.random(using: &random)
            facts.durationMs = (isLong ? 150_000 : 100_000) + Int.random(in: 0...500, using: &random)
            facts.recording.song = song
            facts.recording.content = song * 4 + (isLong ? 2 : 0) + (Bool.random(using: &random) ? 1 : 0)
            try put(id, facts, SimilarityBenchmark.unitVector(dimension, &random))
        }
    }

    mutating func put(_ id: Int64, _ facts: TrackFacts, _ vector: [Float]) throws {
        self.facts[id] = facts
        table.put(id, facts)
        vectors[id] = vector
        try index.upsert(id, vector)
    }

    mutating func remove(_ id: Int64) {
        facts[id] = nil
        vectors[id] = nil
        table.remove(id)
        index.remove(id)
    }

    /// Every id, nearest first.
    func ranking(_ query: [Float]) throws -> [Int64] {
        try index.nearest(to: query, limit: VectorIndex.maxLimit).map(\.id)
    }

    static func facts(artist: Int64 = 0, album: Int64? = nil, _ edit: (inout TrackFacts) -> Void = { _ in })
        -> TrackFacts
    {
        var facts = TrackFacts(folder: FilePath("/music"))
        facts.artistIDs = artist == 0 ? [] : [artist]
        facts.albumID = album
        edit(&facts)
        return facts
    }
}
