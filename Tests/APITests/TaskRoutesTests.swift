import Contracts
import Domain
import HTTPTypes
import Testing
import UseCases

struct TaskRoutesTests {
    @Test("A task is accepted with everything that was asked for it")
    func submit() async throws {
        let server = try TestServer()
        let json = """
            {"task":"index_file","version":1,"payload":{"file_path":"/music/a.mp3","scan_id":null},
             "priority":"low","run_at":"2027-03-04T05:06:07.5+01:00","dedupe_key":"k"}
            """
        let answer = try await server.send(.post, "/v1/tasks", json: json)
        #expect(answer.status == 202)
        #expect(answer.json == ["task_id": 4])
        #expect(answer.headers[.location] == "/v1/tasks/4")
        let task = try #require(server.store.change { $0.newTasks.first })
        #expect(task.priority == .low)
        #expect(task.dedupeKey == "k")
        #expect(task.runAt == 1_804_133_167_500_000)
        #expect(task.raw == nil)
        let shown = try await server.send(.get, "/v1/tasks/4", as: "user").json
        #expect(shown["run_at"] == "2027-03-04T04:06:07.500Z")
        #expect(shown["payload"]?["file_path"] == "/music/a.mp3")
    }

    @Test("A task that waits says why, and one that runs or has ended says nothing")
    func waiting() async throws {
        let server = try TestServer()
        let reason = { (id: Int) in try await server.send(.get, "/v1/tasks/\(id)", as: "user").json["waiting_for"] }
        #expect(try await reason(2)?[0]?["reason"] == "no_worker")
        #expect(try await reason(2)?.count == 1)
        #expect(try await reason(1)?.count == 0)
        #expect(try await reason(3)?.count == 0)
        #expect(try await server.send(.post, "/v1/queues/indexer/pause").status == 200)
        #expect(try await reason(2)?[0]?["reason"] == "paused")
        server.store.change { state in
            state.tasks[1].state = .scheduled
            state.tasks[1].runAt = 1_893_456_000_000_000
        }
        #expect(try await reason(2)?[2]?["until"] == "2030-01-01T00:00:00.000Z")
    }

    @Test("Dead letters are listed by cause, and a cause is a filter")
    func causes() async throws {
        let server = try TestServer()
        let group = try await server.send(.get, "/v1/dead-letters", as: "user").json["items"]?[0]
        #expect(group?["count"] == 1 && group?["newest_task_id"] == 1)
        guard case .integer(let cause)? = group?["fingerprint"] else { return #expect(Bool(false)) }
        #expect(try await server.send(.get, "/v1/tasks?fingerprint=\(cause)").json["items"]?.count == 1)
        #expect(try await server.send(.get, "/v1/tasks?fingerprint=\(cause + 1)").json["items"]?.count == 0)
        let retry = try await server.send(.post, "/v1/tasks/retry", json: #"{"filter":{"fingerprint":\#(cause)}}"#)
        #expect(retry.json == ["retried": 1])
    }

    @Test("A payload of a newer version is accepted as it came and waits")
    func newer() async throws {
        let server = try TestServer()
        let json = #"{"task":"analyze_audio","version":7,"payload":{"new":[1,2.5,{"a":null}]}}"#
        #expect(try await server.send(.post, "/v1/tasks", json: json).status == 202)
        let raw = try #require(server.store.change { $0.newTasks.first?.raw })
        #expect(raw.kind == .analyzeAudio)
        #expect(raw.version == 7)
        #expect(raw.json == #"{"new":[1,2.5,{"a":null}]}"#)
        #expect(try await server.send(.get, "/v1/tasks/4").json["state"] == "parked")
    }

    @Test("A task that cannot be understood is refused, and the field is named")
    func refused() async throws {
        let server = try TestServer()
        let cases = [
            (#"{"task":"rm_rf","version":1,"payload":{}}"#, "task must be one of"),
            (#"{"task":"noop","version":0,"payload":{}}"#, "version must be"),
            (#"{"task":"noop","version":1.5,"payload":{}}"#, "version must be"),
            (#"{"task":"noop","version":1}"#, "payload is missing"),
            (#"{"task":"noop","version":1,"payload":[]}"#, "payload must be an object"),
            (#"{"task":"index_file","version":1,"payload":{}}"#, "payload: file_path is missing"),
            (#"{"task":"index_file","version":1,"payload":{"file_path":3}}"#, "payload: file_path must be"),
            (#"{"task":"noop","version":1,"payload":{},"run_at":"soon"}"#, "run_at must be"),
            (#"{"task":"noop","version":1,"payload":{},"run_at":"2026-02-30T00:00:00Z"}"#, "run_at must be"),
            (#"{"task":"noop","version":1,"payload":{},"dedupe_key":""}"#, "dedupe_key must be"),
            (#"{"task":"noop","version":1,"payload":{},"priority":"urgent"}"#, "priority must be"),
        ]
        for (json, detail) in cases {
            let answer = try await server.send(.post, "/v1/tasks", json: json)
            #expect(answer.status == 422)
            guard case .string(let text) = answer.json["detail"] else { return #expect(Bool(false)) }
            #expect(text.hasPrefix(detail))
        }
        #expect(server.store.change { $0.newTasks.isEmpty })
    }

    @Test("Tasks are listed by state, kind, role and scan")
    func list() async throws {
        let server = try TestServer()
        func count(_ query: String) async throws -> Int? {
            try await server.send(.get, "/v1/tasks?\(query)", as: "user").json["items"]?.count
        }
        #expect(try await count("") == 3)
        #expect(try await count("state=dead") == 1)
        #expect(try await count("kind=noop&role=indexer") == 3)
        #expect(try await count("role=audio") == 0)
        #expect(try await count("scan_id=scan-1") == 1)
        for bad in ["state=alive", "kind=x", "role=admin", "scan_id=", "scan_id=x", "state=dead&state=done"] {
            #expect(try await server.send(.get, "/v1/tasks?\(bad)").status == 400)
        }
    }

    @Test("A scan that is not known is named: in a list, in a filter, in a payload")
    func unknownScan() async throws {
        let server = try TestServer()
        let list = try await server.send(.get, "/v1/tasks?scan_id=x")
        #expect(list.status == 400 && list.json["detail"] == "there is no scan x")
        for (path, json, field) in [
            ("", #"{"task":"index_file","version":1,"payload":{"file_path":"/a","scan_id":"x"}}"#, "payload.scan_id"),
            ("/retry", #"{"filter":{"scan_id":"x"}}"#, "filter.scan_id"),
            ("/cancel", #"{"filter":{"state":"dead","scan_id":"x"}}"#, "filter.scan_id"),
        ] {
            let answer = try await server.send(.post, "/v1/tasks\(path)", json: json)
            #expect(answer.status == 422 && answer.json["detail"] == .string("\(field): there is no scan x"))
        }
    }

    @Test("A task shows its attempts and events")
    func detail() async throws {
        let task = try await TestServer().send(.get, "/v1/tasks/1", as: "user").json
        #expect(task["runs"]?[0]?["end"] == "died")
        #expect(task["runs"]?[0]?["worker_id"] == "-5")
        #expect(task["run_count"] == 1)
        #expect(task["events"]?[0]?["type"] == "rescue")
        #expect(task["last_failure"]?["reason"] == "corrupt_file")
    }

    @Test("All tasks in one state that match are cancelled at once; which state must be said")
    func cancelAll() async throws {
        let server = try TestServer()
        let other = try await server.send(
            .post, "/v1/tasks/cancel", json: #"{"filter":{"state":"dead","role":"vector"}}"#)
        #expect(other.json == ["cancelled": 0])
        let dead = try await server.send(.post, "/v1/tasks/cancel", json: #"{"filter":{"state":"dead"}}"#)
        #expect(dead.json == ["cancelled": 1])
        #expect(try await server.send(.get, "/v1/tasks/1").json["state"] == "cancelled")
        #expect(try await server.send(.get, "/v1/tasks/2").json["state"] == "ready")
        for json in [#"{}"#, #"{"filter":{}}"#, #"{"filter":{"state":"x"}}"#, #"{"filter":{"role":"indexer"}}"#] {
            #expect(try await server.send(.post, "/v1/tasks/cancel", json: json).status == 422)
        }
        let body = #"{"filter":{"state":"dead"}}"#
        #expect(try await server.send(.post, "/v1/tasks/cancel", as: "user", json: body).status == 403)
    }

    @Test("Only a dead task goes back, only what is not over is cancelled, and the actor is written down")
    func retryAndCancel() async throws {
        let server = try TestServer()
        #expect(try await server.send(.post, "/v1/tasks/1/retry").json["state"] == "ready")
        #expect(try await server.send(.post, "/v1/tasks/1/retry").status == 409)
        #expect(try await server.send(.post, "/v1/tasks/2/cancel").json["state"] == "cancelled")
        #expect(try await server.send(.post, "/v1/tasks/2/cancel").status == 409)
        #expect(try await server.send(.post, "/v1/tasks/99/cancel").status == 404)
        #expect(server.store.change { $0.actors } == ["token 3 (admin)", "token 3 (admin)"])
    }

    @Test("All dead tasks that match go back at once")
    func retryAll() async throws {
        let server = try TestServer()
        let none = try await server.send(.post, "/v1/tasks/retry", json: #"{"filter":{"role":"vector"}}"#)
        #expect(none.json == ["retried": 0])
        let one = try await server.send(.post, "/v1/tasks/retry", json: #"{"filter":{"state":"dead"}}"#)
        #expect(one.json == ["retried": 1])
        for json in [#"{}"#, #"{"filter":1}"#, #"{"filter":{"state":"x"}}"#, #"{"filter":{"kind":null,"role":""}}"#] {
            #expect(try await server.send(.post, "/v1/tasks/retry", json: json).status == 422)
        }
    }

    @Test("A queue is paused and resumed, and counts its tasks")
    func queues() async throws {
        let server = try TestServer()
        #expect(try await server.send(.post, "/v1/queues/indexer/pause").json["paused"] == true)
        #expect(try await server.send(.post, "/v1/queues/indexer/resume").json["paused"] == false)
        #expect(try await server.send(.post, "/v1/queues/nobody/pause").status == 404)
        let queues = try await server.send(.get, "/v1/queues", as: "user").json
        #expect(queues["items"]?.count == Role.allCases.count)
        #expect(queues["items"]?[0]?["dead"] == 1)
        #expect(queues["items"]?[1]?["oldest_ready_age_seconds"] == .null)
    }

    @Test("Workers are listed with what they run")
    func workers() async throws {
        let worker = try await TestServer().send(.get, "/v1/workers", as: "user").json["items"]?[0]
        #expect(worker?["id"] == "-7")
        #expect(worker?["kinds"] == [["task": "index_file", "version": 1]])
        #expect(worker?["slots"] == [["role": "indexer", "slots": 2]])
        #expect(worker?["running"] == [3])
    }
}
