import Contracts
import Foundation
import TestSupport
import Testing

/// Whole processes on a database that searches the vectors by itself.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct PgvectorProcessTests {
    private static let server: String? = {
        let text = ProcessInfo.processInfo.environment["SILLON_TEST_PGVECTOR_URL"] ?? ""
        return text.isEmpty ? nil : text
    }()
    private static let setting = ["SILLON_VECTOR_SEARCH": "pgvector"]

    private func answers(_ server: ServerProcess) async throws -> [Int64: [Int64]] {
        var answers: [Int64: [Int64]] = [:]
        for track in try await server.api.tracksByName().values {
            let id = try #require(track["id"]?.int)
            answers[id] = try await server.api.similar(to: id).map(\.id)
        }
        return answers
    }

    @Test(
        "The database answers as memory does, says so when its extension goes, and memory takes over again",
        .enabled(if: server != nil, "no server with pgvector: see ops/test"))
    func replaced() async throws {
        let library = try await Library(try Lab(database: try ServerDatabase(on: Self.server)))
        let first = try await library.served(environment: Self.setting)
        let found = try await answers(first)
        #expect(found.count == 8 && found.values.allSatisfy { $0.count == 7 })
        let ids = found.keys.sorted()
        let path = try await first.api.ask(.get, "/v1/path?from=\(ids[0])&to=\(ids[7])&length=5")
        #expect(path.items.count == 5)
        let radio = try await first.api.ask(
            .post, "/v1/radio", ["seeds": [["track": .integer(ids[0])]], "seed": 1, "limit": 10])
        #expect(radio.items.count == 10)
        try await until("the index is built") { library.lab.allLogs.contains("The index of the vectors is built") }
        try await describes(library)

        try Tool.run("psql", [try #require(library.lab.server?.url), "-qc", "DROP EXTENSION vector CASCADE"])
        let gone = try await first.api.send(.get, "/v1/tracks/\(ids[0])/similar")
        #expect(gone.status == 503 && gone.headers["retry-after"] != nil)
        #expect(try gone.json["detail"]?.text?.contains("CREATE EXTENSION vector") == true)
        #expect(try await first.api.send(.get, "/readyz").status == 200)
        #expect(try await first.stop() == .code(0))

        let second = try await library.served()
        #expect(try await answers(second) == found)
        #expect(try await second.stop() == .code(0))
    }

    private func describes(_ library: Library) async throws {
        let variables = library.lab.databaseVariables
        let doctor = try await library.lab.run(
            ["doctor", "--data", library.lab.data], environment: variables.merging(Self.setting) { $1 })
        #expect(doctor.output.contains(/pgvector 0\.[0-9.]+; acoustic-v1: 8 vectors as halfvec\(126\), index ready/))
        let tables = try await library.lab.run(
            ["vectors", "pgvector", "--data", library.lab.data], environment: variables)
        #expect(tables.exit == .code(0) && tables.output.contains("acoustic-v1: 8 vectors"))
    }

    @Test("Asked of a file, it is a configuration error")
    func notForFiles() async throws {
        let lab = try Lab()
        let ended = try await lab.run(["serve", "--data", lab.data, "--port", "0"], environment: Self.setting)
        #expect(ended.exit == .code(78) && ended.errors.contains("needs a PostgreSQL database"))
        let unknown = try await lab.run(
            ["serve", "--data", lab.data, "--port", "0"], environment: ["SILLON_VECTOR_SEARCH": "faiss"])
        #expect(unknown.exit == .code(78) && unknown.errors.contains("memory or pgvector"))
    }
}
