import Similarity

/// What `sillon bench similar` prints.
struct SimilarReport: Encodable {
    let vectors: Int
    let dimension: Int
    let queries: Int
    let searchMs: Spread
    /// 95 of 100 searches are at most this slow.
    let search95Ms: Double
    /// Searches one after the other.
    let totalMs: Double
    let newVectorMs: Spread
    let buildMs: Double
    let recall: Double?
    let peakMemoryMb: Double?
    /// The part of it that is pages of the program and its libraries.
    let programMemoryMb: Double?
    let answers: [[Int64]]?
    /// The same vectors and queries in a database.
    var pgvector: PgvectorRows?

    init(_ result: SimilarityBenchmark.Result, memory: ResidentMemory?, withAnswers: Bool) {
        let times = result.times.map { $0 / .milliseconds(1) }
        (vectors, dimension, queries) = (result.vectors, result.dimension, times.count)
        searchMs = Spread(times)
        search95Ms = times.sorted()[max(0, (times.count - 1) * 95 / 100)]
        totalMs = times.reduce(0, +)
        newVectorMs = Spread(result.newVectorTimes.map { $0 / .milliseconds(1) })
        buildMs = result.buildTime / .milliseconds(1)
        recall = result.recall
        peakMemoryMb = memory.map { Double($0.peak) / 1e6 }
        programMemoryMb = memory.map { Double($0.files) / 1e6 }
        answers = withAnswers ? result.answers : nil
    }

    var text: String {
        let lines = [
            "\(Readable.count(vectors)) vectors of \(dimension) numbers, \(Readable.count(queries)) searches on one core",
            "  search        \(searchMs.text(places: 3)) ms; 95 of 100 at most \(Readable.decimal(search95Ms, 3)) ms",
            "  new vector    \(newVectorMs.text(places: 3)) ms, during a search",
            "  index built   \(Readable.decimal(buildMs, 0)) ms",
            recall.map { "  recall        \(Readable.decimal($0, 4)) of the true 20 nearest" },
            peakMemoryMb.map { "  memory        \(Readable.decimal($0, 1)) MB at most" },
            programMemoryMb.map { "                \(Readable.decimal($0, 1)) MB of it the program and its libraries" },
        ]
        return (lines.compactMap(\.self) + (pgvector?.lines ?? [])).joined(separator: "\n")
    }

    enum CodingKeys: String, CodingKey {
        case vectors, dimension, queries, recall, answers, pgvector
        case searchMs = "search_ms"
        case search95Ms = "search_95_ms"
        case totalMs = "total_ms"
        case newVectorMs = "new_vector_ms"
        case buildMs = "build_ms"
        case peakMemoryMb = "peak_memory_mb"
        case programMemoryMb = "program_memory_mb"
    }
}
