import Contracts
import Domain
import HTTPTypes
import Testing
import UseCases

struct ScanRoutesTests {
    @Test("A scan of a known root is accepted and can be found under its Location")
    func start() async throws {
        let server = try TestServer()
        let answer = try await server.send(.post, "/v1/scans", as: "user", json: #"{"path":"/music/jazz/"}"#)
        #expect(answer.status == 202)
        #expect(answer.json == ["scan_id": "scan-2", "task_id": 101])
        let location = try #require(answer.headers[.location])
        let scan = try await server.send(.get, location, as: "user").json
        #expect(scan["path"] == "/music/jazz")
        #expect(scan["mode"] == "quick")
        #expect(scan["priority"] == "normal")
        #expect(scan["until"] == "vector")
        #expect(scan["created_at"] == "2026-01-01T00:00:00.000Z")
    }

    @Test("Mode, priority and last stage of a scan are taken from the request")
    func options() async throws {
        let server = try TestServer()
        let json =
            #"{"path":"bytes:2f6d757369632fff","mode":"full","priority":"high","until":"index","accept_missing":true}"#
        #expect(try await server.send(.post, "/v1/scans", json: json).status == 202)
        let scan = try #require(server.store.change { $0.scans.first })
        #expect(scan.path == FilePath(bytes: Array("/music/".utf8) + [0xFF]))
        #expect(scan.mode == .full)
        #expect(scan.priority == .high)
        #expect(scan.until == .index)
        #expect(server.store.change { $0.newScans.map(\.acceptMissing) } == [true])
    }

    @Test("An administrator's scan of a new folder makes it a library root")
    func newRoot() async throws {
        let server = try TestServer()
        #expect(try await server.send(.post, "/v1/scans", json: #"{"path":"/new"}"#).status == 202)
        #expect(server.store.change { $0.roots } == [FilePath("/music"), FilePath("/new")])
    }

    @Test("A symbolic link stands for the folder that it leads to, as on the command line")
    func link() async throws {
        let server = try TestServer()
        for (path, role, folder) in [("/jazz", "user", "/music/jazz"), ("/link", "admin", "/new")] {
            let answer = try await server.send(.post, "/v1/scans", as: role, json: #"{"path":"\#(path)"}"#)
            #expect(answer.status == 202)
            #expect(server.store.change { $0.scans.first?.path } == FilePath(folder))
        }
        #expect(server.store.change { $0.roots } == [FilePath("/music"), FilePath("/new")])
        let root = try await server.send(.post, "/v1/roots", json: #"{"path":"/link"}"#)
        #expect(root.json["path"] == "/new")
        // What a link in a root leads to is another matter: the walk does not follow it out.
        let out = try await server.send(.post, "/v1/scans", as: "user", json: #"{"path":"/music/out"}"#)
        #expect(out.status == 202 && server.store.change { $0.scans.first?.path } == FilePath("/music/out"))
    }

    @Test("A user cannot scan outside the library roots, nor in a folder whose name only begins like one")
    func outside() async throws {
        let server = try TestServer()
        for path in ["/new", "/musicevil", "/"] {
            let answer = try await server.send(.post, "/v1/scans", as: "user", json: #"{"path":"\#(path)"}"#)
            #expect(answer.status == 403)
        }
        #expect(server.store.change { $0.roots } == [FilePath("/music")])
    }

    @Test("A folder that is not there, or overlaps another root, does not become a root")
    func badRoots() async throws {
        let server = try TestServer()
        #expect(try await server.send(.post, "/v1/scans", json: #"{"path":"/absent"}"#).status == 422)
        #expect(try await server.send(.post, "/v1/scans", json: #"{"path":"/"}"#).status == 409)
        #expect(try await server.send(.post, "/v1/roots", json: #"{"path":"/absent"}"#).status == 422)
    }

    @Test(
        "A path that is not absolute and canonical is refused",
        arguments: [
            "", "music", "./music", "/music/../etc", "/music/./a", "/music//a", "..", "//music",
            "/music/..", "bytes:2f6d75736963002f", "bytes:2f2e2e", "bytes:xyz", "file:///music",
            "C:\\\\music", "/" + String(repeating: "a", count: 5000),
        ])
    func traversal(path: String) async throws {
        let server = try TestServer()
        let answer = try await server.send(.post, "/v1/scans", json: #"{"path":"\#(path)"}"#)
        #expect(answer.status == 422)
        guard case .string(let detail) = answer.json["detail"] else { return #expect(Bool(false)) }
        #expect(detail.hasPrefix("path must be"))
    }

    @Test("A field that cannot be understood is named")
    func fields() async throws {
        let server = try TestServer()
        let cases = [
            (#"{}"#, "path is missing"), (#"{"path":null}"#, "path is missing"),
            (#"{"path":1}"#, "path must be an absolute path without empty, . or .. parts"),
            (#"{"path":"/music","mode":"fast"}"#, "mode must be one of quick, full"),
            (#"{"path":"/music","priority":1}"#, "priority must be one of high, normal, low"),
            (#"{"path":"/music","until":["vector"]}"#, "until must be one of index, analysis, vector"),
            (#"{"path":"/music","accept_missing":"yes"}"#, "accept_missing must be true or false"),
            (#"[]"#, "the body must be an object"), (#""x""#, "the body must be an object"),
        ]
        for (json, detail) in cases {
            let answer = try await server.send(.post, "/v1/scans", json: json)
            #expect(answer.status == 422)
            #expect(answer.json["detail"] == .string(detail))
        }
    }

    @Test("The same idempotency key gets the first answer again, and another request under it a conflict")
    func idempotency() async throws {
        let server = try TestServer()
        let key: HTTPFields = [HTTPField.Name("Idempotency-Key")!: "a-key"]
        let first = try await server.send(.post, "/v1/scans", json: #"{"path":"/music"}"#, headers: key)
        let again = try await server.send(.post, "/v1/scans", json: #"{"path":"/music"}"#, headers: key)
        #expect(first.json == again.json)
        #expect(server.store.change { $0.scans.count } == 2)
        let other = try await server.send(.post, "/v1/scans", json: #"{"path":"/music/a"}"#, headers: key)
        #expect(other.status == 409)
    }

    @Test("An idempotency key that is empty, too long or not visible ASCII is refused")
    func badKeys() async throws {
        let server = try TestServer()
        for key in ["", "a b", "é", String(repeating: "k", count: 256)] {
            for (path, json) in [
                ("/v1/scans", #"{"path":"/music"}"#), ("/v1/tasks", #"{"task":"noop","version":1,"payload":{}}"#),
            ] {
                let headers: HTTPFields = [HTTPField.Name("Idempotency-Key")!: key]
                #expect(try await server.send(.post, path, json: json, headers: headers).status == 400)
            }
        }
        #expect(server.store.change { $0.scans.count } == 1)
    }

    @Test("Scans are listed newest first, and a cancelled scan says so")
    func listAndCancel() async throws {
        let server = try TestServer()
        _ = try await server.send(.post, "/v1/scans", json: #"{"path":"/music"}"#)
        let list = try await server.send(.get, "/v1/scans", as: "user").json
        #expect(list["items"]?[0]?["id"] == "scan-2")
        #expect(list["next_cursor"] == .null)
        let cancelled = try await server.send(.delete, "/v1/scans/scan-2", as: "user")
        #expect(cancelled.status == 200)
        #expect(cancelled.json["state"] == "cancelled")
        #expect(try await server.send(.delete, "/v1/scans/scan-2", as: "user").status == 200)
        server.store.change { $0.scans[1].state = .finished }
        #expect(try await server.send(.delete, "/v1/scans/scan-1", as: "user").status == 409)
        for method in [HTTPRequest.Method.get, .delete] {
            #expect(try await server.send(method, "/v1/scans/none").status == 404)
        }
        #expect(try await server.send(.get, "/v1/scans/none/events").status == 404)
    }

    @Test("A scan tells who wanted it")
    func cause() async throws {
        let server = try TestServer()
        server.store.change { $0.scans[0] = MemoryStore.scan(id: "scan-1", cause: .watch) }
        _ = try await server.send(.post, "/v1/scans", as: "user", json: #"{"path":"/music"}"#)
        let scans = try await server.send(.get, "/v1/scans", as: "user").json
        #expect(scans["items"]?[0]?["cause"] == "request" && scans["items"]?[1]?["cause"] == "watch")
        let page = try await server.send(.get, "/scans")
        #expect(page.text.contains(", by the watcher") && page.text.components(", by the ").count == 2)
    }
}
