import ArgumentParser
import Contracts
import Foundation
import Persistence
import Similarity

struct BenchSimilarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "similar",
        abstract: "Time the search for similar tracks on one core.",
        discussion: """
            Over made-up vectors, or over those of a file: 32-bit floats, one vector after
            the other. How many of the true 20 nearest were found is measured, too.

            --pgvector asks the same of a PostgreSQL database with that extension, in a
            table of its own that is dropped afterwards.

            Examples:
              sillon bench similar --vectors 1000000 --queries 50
              sillon bench similar --pgvector postgres://user:password@host/scratch
              sillon bench similar --base base.f32 --asked queries.f32 --dimension 64 --json
            """)

    @Option(help: ArgumentHelp("Vectors in the index.", valueName: "n"))
    var vectors = 100_000

    @Option(help: ArgumentHelp("Numbers of a vector.", valueName: "n"))
    var dimension = AcousticV1.dimension

    @Option(help: ArgumentHelp("Searches for the 20 nearest.", valueName: "n"))
    var queries = 200

    @Option(help: ArgumentHelp("Searches whose answers are compared with exact ones.", valueName: "n"))
    var compared = 20

    @Option(help: "Another seed makes other vectors.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Take the index's vectors from here.", valueName: "file"))
    var base: String?

    @Option(help: ArgumentHelp("Take the queries from here.", valueName: "file"))
    var asked: String?

    @Option(help: ArgumentHelp("Compare with pgvector in this database.", valueName: "url"))
    var pgvector: String?

    @Option(
        name: .customLong("ef"), parsing: .upToNextOption,
        help: ArgumentHelp("Candidates that pgvector's index keeps in view (hnsw.ef_search).", valueName: "n"))
    var breadths = [40, 100, 200]

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    @Flag(help: "With the JSON, the numbers of the vectors that each search found.")
    var answers = false

    func validate() throws {
        guard (1...10_000_000).contains(vectors) else { throw ValidationError("--vectors is 1 to 10000000") }
        guard (1...4096).contains(dimension) else { throw ValidationError("--dimension is 1 to 4096") }
        guard (1...1_000_000).contains(queries) else { throw ValidationError("--queries is 1 to 1000000") }
        guard (0...1000).contains(compared) else { throw ValidationError("--compared is 0 to 1000") }
        guard breadths.allSatisfy((1...1000).contains) else { throw ValidationError("--ef is 1 to 1000") }
        guard (base == nil) == (asked == nil) else { throw ValidationError("--base and --asked go together") }
    }

    func run() async throws {
        let benchmark = try benchmark()
        var report = SimilarReport(try benchmark.run(), memory: ResidentMemory(), withAnswers: answers)
        report.pgvector = try await pgvectorRows(benchmark)
        try Console.line(json ? ContractJSON.encode(report) : report.text)
    }

    private func pgvectorRows(_ benchmark: SimilarityBenchmark) async throws -> PgvectorRows? {
        guard let pgvector else { return nil }
        let location = try DatabaseLocation(pgvector, source: "--pgvector", Environment.ofProcess())
        guard case .server(let url) = location else {
            throw CommandError.misconfigured("--pgvector is postgres://user:password@host:5432/database")
        }
        let database = PostgresDatabase(url)
        defer { database.close() }
        try await location.checkAnswer(of: database)
        let result = try await PgvectorBenchmark(
            database: database, dimension: benchmark.dimension, breadths: breadths, limit: SimilarityBenchmark.limit
        ).run(
            vectors: benchmark.vectors, queries: benchmark.queries, vector: benchmark.vector, query: benchmark.query,
            now: benchmark.now)
        return PgvectorRows(result, recall: benchmark.recall)
    }

    private func benchmark() throws -> SimilarityBenchmark {
        let start = ContinuousClock.now
        let now = { ContinuousClock.now - start }
        guard let base, let asked else {
            return SimilarityBenchmark(
                vectors: vectors, dimension: dimension, queries: queries, compared: compared, seed: seed, now: now)
        }
        let environment = Environment.ofProcess()
        let vectors = try FloatFile(path: environment.absolute(base), dimension: dimension)
        let queries = try FloatFile(path: environment.absolute(asked), dimension: dimension)
        return SimilarityBenchmark(
            dimension: dimension, vectors: vectors.count, queries: queries.count, compared: compared,
            vector: { vectors[$0] }, query: { queries[$0] }, now: now)
    }
}
