import Contracts
import Domain
import Foundation
import TestSupport
import Testing

/// What one install heard, taken to another.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct PortableAnalysisTests {
    /// By names, for ids are others in another library.
    private func answers(_ server: ServerProcess) async throws -> [String: [String: Double]] {
        let tracks = try await server.api.tracksByName()
        let names = Dictionary(tracks.map { ($1["id"]?.int ?? 0, $0) }) { first, _ in first }
        var answers: [String: [String: Double]] = [:]
        for (id, name) in names {
            let hits = try await server.api.similar(to: id)
            answers[name] = Dictionary(hits.map { (names[$0.id] ?? "", $0.score) }) { first, _ in first }
        }
        return answers
    }

    @Test(
        "A new install need not listen to what another heard, and answers the same",
        arguments: Engine.available)
    func carried(engine: Engine) async throws {
        let (old, new) = (try await Library(engine), try await Library(engine))
        let first = try await old.served()
        let expected = try await answers(first)
        let export = try await old.lab.run(
            ["vectors", "export", "--portable", "--data", old.lab.data], environment: old.lab.databaseVariables)
        #expect(export.exit == .code(0), "\(export.errors)")
        #expect(try await first.stop() == .code(0))
        // Told apart from what listening again would find.
        let marked = export.output.replacing(/"duration_ms":[0-9]+/, with: "\"duration_ms\":4321")
        let file = new.lab.folder + "/analyses.jsonl"
        try Data(marked.utf8).write(to: URL(filePath: file))
        let taken = try await new.lab.run(
            ["vectors", "import", file, "--json", "--data", new.lab.data], environment: new.lab.databaseVariables)
        #expect(taken.exit == .code(0), "\(taken.errors)")
        let counts = try ContractJSON.decode(JSONValue.self, from: taken.output)
        #expect(counts["records"]?.int == 8 && counts["vectors_added"]?.int == 8 && counts["complete"] == .bool(true))

        let second = try await new.served()
        let tracks = try await second.api.tracksByName()
        #expect(tracks.count == 8)
        for (name, track) in tracks { #expect(track["duration_ms"]?.int == 4321, "\(name)") }
        let scan = try #require(try await second.api.allScansEnded().first)
        #expect(scan["progress"]?["cached"]?.int == 8, "\(scan)")
        #expect(try await answers(second) == expected)
        #expect(try await second.stop() == .code(0))
    }

    @Test("A file with a broken line is taken in but for that line, and the exit code tells")
    func broken() async throws {
        let lab = try Lab()
        let file = lab.folder + "/analyses.jsonl"
        let header = ContractJSON.encode(PortableHeader())
        try Data("\(header)\n{\"content_key\":1}\n".utf8).write(to: URL(filePath: file))
        let taken = try await lab.run(["vectors", "import", file, "--data", lab.data])
        #expect(taken.exit == .code(1))
        #expect(taken.errors.contains("line 2: ") && taken.errors.contains("cut off"))
        let other = try await lab.run(["vectors", "import", lab.folder + "/none", "--data", lab.data])
        #expect(other.exit == .code(1) && other.errors.contains("cannot open"))
        try Data("path,v1\n".utf8).write(to: URL(filePath: file))
        let csv = try await lab.run(["vectors", "import", file, "--data", lab.data])
        #expect(csv.exit == .code(1) && csv.errors.contains("--portable"))
    }
}
