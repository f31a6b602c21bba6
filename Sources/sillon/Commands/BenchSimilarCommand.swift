import ArgumentParser
import Contracts
import Similarity

struct BenchSimilarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "similar",
        abstract: "Time the search for similar tracks over made-up vectors.",
        discussion: "Example: sillon bench similar --vectors 100000 --queries 200 --json")

    @Option(help: ArgumentHelp("Vectors in the index.", valueName: "n"))
    var vectors = 100_000

    @Option(help: ArgumentHelp("Searches for the 20 nearest.", valueName: "n"))
    var queries = 200

    @Option(help: "Another seed makes other vectors.")
    var seed: UInt64 = 1

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    func validate() throws {
        guard (1...10_000_000).contains(vectors) else { throw ValidationError("--vectors is 1 to 10000000") }
        guard (1...1_000_000).contains(queries) else { throw ValidationError("--queries is 1 to 1000000") }
    }

    func run() async throws {
        let start = ContinuousClock.now
        let result = try SimilarityBenchmark.run(vectors: vectors, queries: queries, seed: seed) {
            ContinuousClock.now - start
        }
        if json { return try Console.line(ContractJSON.encode(Report(result))) }
        try Console.line(
            """
            \(Readable.count(result.vectors)) vectors of \(result.dimension), \(Readable.count(result.queries)) searches on one core
              median        \(milliseconds(result.median)) ms
              95 of 100     \(milliseconds(result.percentile95)) ms
              slowest       \(milliseconds(result.slowest)) ms
              index built   \(milliseconds(result.buildTime)) ms
            """)
    }

    private func milliseconds(_ time: Duration) -> String {
        Readable.decimal(time / .milliseconds(1), 2)
    }

    private struct Report: Encodable {
        let vectors: Int
        let dimension: Int
        let queries: Int
        let medianMs: Double
        let percentile95Ms: Double
        let slowestMs: Double
        let buildMs: Double

        init(_ result: SimilarityBenchmark.Result) {
            (vectors, dimension, queries) = (result.vectors, result.dimension, result.queries)
            medianMs = result.median / .milliseconds(1)
            percentile95Ms = result.percentile95 / .milliseconds(1)
            slowestMs = result.slowest / .milliseconds(1)
            buildMs = result.buildTime / .milliseconds(1)
        }

        enum CodingKeys: String, CodingKey {
            case vectors, dimension, queries
            case medianMs = "median_ms"
            case percentile95Ms = "percentile_95_ms"
            case slowestMs = "slowest_ms"
            case buildMs = "build_ms"
        }
    }
}
