import Contracts
import Domain
import Persistence
import TestSupport
import Testing

/// What may lie in the queue's table without having come through the front door.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct BadPayloadTests {
    private static let payloads: [(name: String, kind: String, version: Int64, payload: String)] = [
        ("no JSON", "index_file", 1, "{\"file_path\":"),
        ("empty", "index_file", 1, ""),
        ("another type", "index_file", 1, "[1,2,3]"),
        ("wrong types", "index_file", 1, "{\"file_path\":7,\"root_path\":[],\"scan_id\":{}}"),
        ("NUL", "index_file", 1, "{\"file_path\":\"/a\\u0000b\",\"root_path\":\"/\"}"),
        ("relative", "index_file", 1, "{\"file_path\":\"../../etc/passwd\",\"root_path\":\"/\"}"),
        ("outside", "index_file", 1, "{\"file_path\":\"/etc/passwd\",\"root_path\":\"/usr\"}"),
        ("huge number", "index_file", 1, "{\"file_path\":\"/a.mp3\",\"root_path\":\"/\",\"size\":1e300}"),
        ("deep", "index_file", 1, String(repeating: "[", count: 100_000)),
        ("ten megabytes", "index_file", 1, "{\"file_path\":\"/\(String(repeating: "a", count: 10_000_000))\"}"),
        ("no track", "vectorize_track", 1, "{}"),
        ("no analysis", "analyze_audio", 1, "{\"track_id\":-1}"),
        ("no scan", "scan_library", 1, "{\"path\":\"/nowhere\"}"),
    ]

    @Test("Tasks that cannot be read die with a reason, and do not hold up the others")
    func poison() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab, .serve)
        let rows = try Rows(lab)
        for round in 0..<20 {
            for bad in Self.payloads {
                try await Self.insert(bad.kind, bad.version, round == 0 ? bad.payload : "{\"round\":\(round)", rows)
            }
        }
        try await Self.insert("juggle", 1, "{}", rows)
        let good = try await submitNoops(50, server.api)
        _ = try lab.start(["worker", "--roles", "indexer,audio,vector", "--database", lab.data])
        try await until("the good tasks are done", .seconds(60)) {
            try await server.api.list("/v1/tasks?state=done").filter { $0["task"]?.text == "noop" }.count == good
        }
        try await until("the bad tasks are dead", .seconds(60)) {
            try await rows.count("SELECT count(*) FROM task_dead") == Self.payloads.count * 20
        }
        #expect(try await rows.count("SELECT count(*) FROM task_dead WHERE failure_message = ''") == 0)
        #expect(try await server.api.list("/v1/tasks?state=dead").count == Self.payloads.count * 20)
        #expect(try await server.api.send(.get, "/v1/queues").status == 200)
        #expect(server.process.exit == nil)
    }

    @Test("A payload of a newer version waits, and nothing else waits for it")
    func newerVersion() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab)
        let answer = try await server.api.ask(
            .post, "/v1/tasks", ["task": "index_file", "version": 99, "payload": ["shape": "unknown"]])
        let id = try #require(answer["task_id"]?.int)
        let good = try await submitNoops(10, server.api)
        try await until("the good tasks are done") {
            try await server.api.list("/v1/tasks?state=done").count == good
        }
        let task = try await server.api.ask(.get, "/v1/tasks/\(id)")
        #expect(["ready", "parked"].contains(task["state"]?.text))
        #expect(task["failures"]?.int == 0)
        #expect(task["payload"]?["shape"]?.text == "unknown")
    }

    private func submitNoops(_ count: Int, _ api: Client) async throws -> Int {
        for _ in 0..<count {
            _ = try await api.ask(.post, "/v1/tasks", ["task": "noop", "version": 1, "payload": [:]])
        }
        return count
    }

    /// In the fastest lane, so that they come first.
    private static func insert(_ kind: String, _ version: Int64, _ payload: String, _ rows: Rows) async throws {
        _ = try await rows.database.write { connection in
            try connection.execute(
                """
                INSERT INTO task (kind, version, state, lane, payload, created_at)
                VALUES (\(kind), \(version), 'ready', 0, \(payload), 1)
                """)
        }
    }
}
