import Contracts
import Domain
import Foundation
import TestSupport
import Testing

/// A real server over the small library, and a stand-in for Ollama.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct TextModelTests {
    private static let songs = 8

    private func start(
        _ library: Library, _ ollama: OllamaStandIn, models: String = "ollama:nomic-embed-text"
    ) async throws -> ServerProcess {
        let server = try await ServerProcess.start(
            library.lab, .up, music: [library.lab.music],
            environment: ["SILLON_EMBEDDING_MODELS": models, "SILLON_OLLAMA_URL": ollama.url])
        try await server.api.allScansEnded()
        return server
    }

    private func vectors(_ server: ServerProcess, _ model: Int = 0) async throws -> Int64 {
        let models = try await server.api.ask(.get, "/v1/models").items
        return models.indices.contains(model) ? models[model]["spaces"]?.list.first?["vectors"]?.int ?? 0 : -1
    }

    private func search(_ server: ServerProcess, _ words: String) async throws -> [String] {
        let answer = try await server.api.ask(.get, "/v1/search/semantic?limit=8&q=" + Client.escaped(words))
        return answer.items.compactMap { $0["track"]?["title"]?.text }
    }

    @Test("Words find tracks; a second scan, a move and another start compute nothing", arguments: Engine.available)
    func journey(engine: Engine) async throws {
        // As many dimensions as keep the hashes of the words apart.
        let ollama = try await OllamaStandIn(models: ["nomic-embed-text": .init(digest: "aaaa", dimension: 256)])
        let library = try await Library(engine)
        var server = try await start(library, ollama)
        try await until("all texts have vectors") { try await vectors(server) == Self.songs }
        #expect(try await search(server, "Title: Fathom").first == "Fathom")
        #expect(try await search(server, "glint").first == "Glint")
        #expect(ollama.texts.contains { $0.contains("Genres: Folk") && $0.contains("Sound: ") })
        let documents = ollama.texts.count { $0.hasPrefix("search_document") }
        #expect(documents == Self.songs)

        let lab = library.lab
        try await server.api.scan(lab.music, mode: "full")
        try FileManager.default.moveItem(atPath: lab.music + "/Shelf", toPath: lab.music + "/Moved")
        try await server.api.scan(lab.music)
        #expect(try await server.stop() == .code(0))
        server = try await start(library, ollama)
        #expect(try await search(server, "fathom").first == "Fathom")
        #expect(try await vectors(server) == Self.songs)
        #expect(ollama.texts.count { $0.hasPrefix("search_document") } == documents, "nothing was computed again")

        let cli = try await lab.run(
            ["search", "--semantic", "fathom"],
            environment: ["SILLON_DATA": lab.data, "SILLON_SERVER": server.api.base])
        #expect(cli.exit == .code(0), "\(cli.errors)")
        #expect(cli.output.contains("Marled Field – Fathom"))

        ollama.set("nomic-embed-text", .init(digest: "bbbb", dimension: 128))
        try await until("the new version of the model has its own space, and all tracks in it") {
            let spaces = try await server.api.ask(.get, "/v1/models").items.first?["spaces"]?.list ?? []
            return spaces.first?["digest"] == "bbbb" && spaces.first?["vectors"] == .integer(Int64(Self.songs))
                && spaces.count == 2
        }
        #expect(try await search(server, "fathom").first == "Fathom")
        let gone = try await server.api.ask(
            .post, "/v1/vectors/invalidate", ["pattern": "ollama:nomic-embed-text@aaaa/*"])
        #expect(gone["deleted"]?.int == Int64(Self.songs))
        #expect(try await server.stop() == .code(0))
        #expect(lab.allLogs.contains("a new space of vectors begins"))
    }

    @Test("While Ollama is away the library is whole, tasks wait without an attempt, and all is made up for later")
    func away() async throws {
        let first = try await OllamaStandIn()
        let port = first.port
        try await first.close()
        let library = try await Library()
        let server = try await start(library, first)
        #expect(try await server.api.ask(.get, "/v1/library")["vectorized"]?.int == Int64(Self.songs))
        let answer = try await server.api.send(.get, "/v1/search/semantic?q=slow")
        #expect(answer.status == 503)
        #expect(answer.headers["retry-after"] != nil)
        #expect(try answer.json["detail"]?.text?.contains("Ollama") == true)
        let tasks = try await server.api.list("/v1/tasks?kind=vectorize_text")
        #expect(tasks.count == Self.songs)
        for task in tasks { #expect(task["failures"]?.int == 0, "\(task)") }
        #expect(try await server.api.list("/v1/tasks?state=dead").isEmpty)

        let second = try await OllamaStandIn(port: port)
        try await until("all texts have vectors", .seconds(150)) { try await vectors(server) == Self.songs }
        #expect(second.texts.count == Self.songs)
        #expect(try await server.stop() == .code(0))
    }

    @Test("A model that is not there says what to do, and is used once it is", .timeLimit(.minutes(2)))
    func missing() async throws {
        let ollama = try await OllamaStandIn(models: [:])
        let library = try await Library()
        let server = try await start(library, ollama)
        let answer = try await server.api.send(.get, "/v1/search/semantic?q=slow")
        #expect(answer.status == 409)
        #expect(try answer.json["detail"]?.text?.contains("ollama pull nomic-embed-text") == true)
        try await until("the service is blocked, and says why") {
            let service = try await server.api.ask(.get, "/v1/services").items.first
            return service?["state"] == "blocked" && "\(String(describing: service))".contains("ollama pull")
        }
        #expect(try await server.api.list("/v1/tasks?kind=vectorize_text").count == Self.songs)
        #expect(try await server.api.list("/v1/tasks?state=dead").isEmpty)
        ollama.set("nomic-embed-text", .init(digest: "aaaa"))
        try await until("all texts have vectors", .seconds(100)) { try await vectors(server) == Self.songs }
        #expect(try await server.stop() == .code(0))
    }

    @Test("Two models stand side by side, and one that comes later gets all tracks without a scan of everything")
    func sideBySide() async throws {
        let ollama = try await OllamaStandIn(models: ["all-minilm": .init(digest: "m", dimension: 16)])
        ollama.set("nomic-embed-text", .init(digest: "n"))
        let library = try await Library()
        var server = try await start(library, ollama)
        try await until("all texts have vectors") { try await vectors(server) == Self.songs }
        #expect(try await server.stop() == .code(0))
        server = try await start(library, ollama, models: "ollama:all-minilm,ollama:nomic-embed-text")
        try await until("the new model has all tracks") { try await vectors(server) == Self.songs }
        let answer = try await server.api.ask(.get, "/v1/search/semantic?q=fathom")
        #expect(answer["space"] == "ollama:all-minilm@m/16")
        let other = try await server.api.ask(.get, "/v1/search/semantic?q=fathom&model=ollama:nomic-embed-text")
        #expect(other["space"] == "ollama:nomic-embed-text@n/64")
        #expect(try await server.stop() == .code(0))
    }

    @Test("Without a model the search says what to set")
    func none() async throws {
        let library = try await Library()
        let server = try await library.served()
        let answer = try await server.api.send(.get, "/v1/search/semantic?q=slow")
        #expect(answer.status == 409)
        #expect(try answer.json["detail"]?.text?.contains("SILLON_EMBEDDING_MODELS") == true)
        #expect(try await server.api.list("/v1/tasks?kind=vectorize_text").isEmpty)
        #expect(try await server.stop() == .code(0))
    }
}
