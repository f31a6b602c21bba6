import Contracts
import Domain
import HTTPTypes
import NIOCore
import Testing
import UseCases

@testable import API

@Suite struct DashboardTests {
    private let server: TestServer
    private static let paths = [
        "/", "/scans", "/tasks", "/tasks/1", "/dead-letters", "/workers", "/history", "/services",
    ]
    private static let form: HTTPFields = [
        .contentType: "application/x-www-form-urlencoded", .origin: "http://localhost",
    ]

    init() throws {
        server = try TestServer()
    }

    private func post(_ path: String, _ body: String, as secret: String = "admin") async throws -> Answer {
        try await server.send(.post, path, as: secret, body: .init(string: body), headers: Self.form)
    }

    @Test("Every page is there for an administrator, and names where it is", arguments: paths)
    func present(path: String) async throws {
        let page = try await server.send(.get, path)
        #expect(page.status == 200)
        #expect(page.headers[.contentSecurityPolicy]?.contains("unsafe") == false)
        #expect(page.text.contains("<h1>"))
        if path != "/scans" { #expect(page.text.contains("aria-current=\"page\"")) }
    }

    @Test("Others read, and are offered nothing that they may not do")
    func users() async throws {
        for path in Self.paths.dropLast() {
            let page = try await server.send(.get, path, as: "user")
            #expect(page.status == 200, "\(path)")
            for act in ["/pause", "/retry", "/tasks/cancel"] { #expect(!page.text.contains(act), "\(path) \(act)") }
            #expect(!page.text.contains("href=\"/services\""))
        }
        #expect(try await server.send(.get, "/services", as: "user").status == 403)
        #expect(try await post("/tasks/1/retry", "", as: "user").status == 403)
    }

    @Test("What files and services say is shown as text", arguments: paths.filter { $0 != "/history" })
    func hostile(path: String) async throws {
        let text = "<script>alert(1)</script>\"'&\u{1B}[31m\n\u{202E}x"
        server.store.change { state in
            let failure = Failure(.corruptFile, text)
            for index in state.tasks.indices { state.tasks[index].lastFailure = failure }
            state.tasks[0].payload = #"{"a":"<script>alert(1)</script>"}"#
            state.runs[1]?[0].failure = failure
            state.events[1] = [TaskEvent(at: 1, type: text, actor: text, detail: text)]
            state.scans[0].notice = text
            state.roots = [FilePath("/" + text)]
            state.workers[0].registration.host = text
            state.workers[0].registration.version = text
        }
        let page = try await server.send(.get, path)
        #expect(page.status == 200)
        for forbidden in ["<script>", "\u{1B}", "\u{202E}"] { #expect(!page.text.contains(forbidden), "\(path)") }
        if path != "/services" { #expect(page.text.contains("&lt;script&gt;"), "\(path)") }
    }

    @Test("Filters are in the URL; what is empty does not narrow, and what no task has is refused")
    func filters() async throws {
        let dead = try await server.send(.get, "/tasks?state=dead&role=&kind=&scan=&error=")
        #expect(dead.text.contains("href=\"/tasks/1\"") && !dead.text.contains("href=\"/tasks/2\""))
        #expect(dead.text.contains("<option value=\"dead\" selected>"))
        #expect(dead.text.contains("Requeue all that match"))
        #expect(try await server.send(.get, "/tasks?state=gone").status == 400)
        #expect(try await server.send(.get, "/tasks?cursor=77").status == 400)
    }

    @Test("A task says why it does not run")
    func waiting() async throws {
        let page = try await server.send(.get, "/tasks/2", as: "user")
        #expect(page.text.contains("no living worker takes noop"))
        let running = try await server.send(.get, "/tasks/3")
        #expect(!running.text.contains("Why is it not running?"))
        #expect(try await server.send(.get, "/tasks/999").status == 404)
    }

    @Test("A task is put back, a group is put back or dismissed, a role is paused, a scan is started")
    func acts() async throws {
        let state = { (id: Int) in server.store.change { $0.tasks[id - 1].state } }
        let back = try await post("/tasks/1/retry", "")
        #expect(back.status == 303 && back.headers[.location] == "/tasks/1")
        #expect(state(1) == .ready)
        #expect(try await post("/tasks/1/retry", "").status == 409)
        #expect(try await post("/tasks/1/cancel", "").status == 303)
        #expect(state(1) == .cancelled)
        server.store.change { $0.tasks[0].state = .dead }
        let cause = server.store.change { $0.tasks[0].lastFailure?.fingerprint ?? 0 }
        #expect(try await post("/tasks/retry", "state=dead&error=\(cause + 1)").headers[.location] == "/tasks")
        #expect(state(1) == .dead)
        let group = try await post("/tasks/retry", "state=dead&error=\(cause)&back=/dead-letters")
        #expect(group.headers[.location] == "/dead-letters" && state(1) == .ready)
        #expect(try await post("/tasks/cancel", "kind=noop").status == 422, "everything at once is nobody's wish")
        #expect(try await post("/tasks/retry", "back=//evil.example").headers[.location] == "/tasks")
        #expect(try await post("/queues/audio/pause", "").headers[.location] == "/")
        #expect(server.store.change { $0.paused } == [.audio])
        #expect(try await post("/queues/audio/resume", "").status == 303)
        #expect(server.store.change { $0.paused }.isEmpty)
        #expect(try await post("/scans", "path=/music", as: "user").status == 303)
        #expect(server.store.change { $0.newScans.count } == 1)
        #expect(try await post("/scans", "path=/music/jazz", as: "user").status == 403)
    }

    @Test("Before many tasks are thrown away, a page asks, saying which; administrators alone")
    func confirmation() async throws {
        let list = try await server.send(.get, "/tasks?state=dead")
        let link = "/tasks/cancel/confirm?state=dead&amp;back=/tasks"
        #expect(list.text.replacing("%2F", with: "/").contains("href=\"\(link)\""))
        let page = try await server.send(.get, "/tasks/cancel/confirm?state=dead&kind=index_file&back=/tasks")
        #expect(page.status == 200 && page.text.contains("All tasks in the state dead, of the kind index_file."))
        #expect(page.text.contains("action=\"/tasks/cancel\"") && page.text.contains("Keep them"))
        #expect(try await server.send(.get, "/tasks/cancel/confirm?state=gone").status == 400)
        #expect(try await server.send(.get, "/tasks/cancel/confirm?state=dead", as: "user").status == 403)
        #expect(try await server.send(.get, "/dead-letters").text.contains("/tasks/cancel/confirm?state=dead"))
    }

    @Test("A browser's form counts with its mark only")
    func marks() async throws {
        let signIn = try await server.send(
            .post, "/sign-in", as: nil, body: .init(string: "token=admin"), headers: Self.form)
        let cookie = signIn.headers[.setCookie]?.prefix { $0 != ";" } ?? ""
        var headers = Self.form
        headers[.cookie] = String(cookie)
        let pause = { (body: String) in
            try await server.send(.post, "/queues/audio/pause", as: nil, body: .init(string: body), headers: headers)
        }
        #expect(try await pause("").status == 403)
        #expect(try await pause("csrf=0").status == 403)
        #expect(server.store.change { $0.paused }.isEmpty)
        let page = try await server.send(.get, "/", as: nil, headers: [.cookie: String(cookie)])
        let start = try #require(page.text.firstRange(of: "name=\"csrf\" value=\"")).upperBound
        let mark = page.text[start...].prefix { $0 != "\"" }
        #expect(try await pause("csrf=\(mark)").status == 303)
        #expect(server.store.change { $0.paused } == [.audio])
    }

    @Test("What is not there is told on a page to a browser, with its navigation while it is signed in")
    func missing() async throws {
        let signIn = try await server.send(
            .post, "/sign-in", as: nil, body: .init(string: "token=admin"), headers: Self.form)
        let cookie = String(signIn.headers[.setCookie]?.prefix { $0 != ";" } ?? "")
        let page = try await server.send(.get, "/tasks/999", as: nil, headers: [.cookie: cookie])
        #expect(page.status == 404 && page.text.contains("href=\"/tasks\"") && !page.text.contains("/sign-in"))
        let lost = try await server.send(.get, "/nowhere", as: nil, headers: [.accept: "text/html,*/*;q=0.8"])
        #expect(lost.status == 404 && lost.text.contains("<h1>") && lost.text.contains("/sign-in"))
        let program = try await server.send(.get, "/v1/nowhere", headers: [.accept: "text/html"])
        #expect(program.headers[.contentType] == "application/problem+json")
    }

    @Test("Throughput is what the history tells of this hour and the one before, for each role")
    func throughput() async throws {
        let hour: Int64 = 500_000
        let now = hour * HistoryRange.hourUs + 1_800_000_000
        server.store.change { state in
            var tally = TaskTally()
            tally.succeeded = 900
            state.taskHistory[.analyzeAudio] = [hour: tally, hour - 1: tally, hour - 2: tally]
        }
        let view = try await HistoryView(server.store, .day, now: now)
        #expect(view.donePerMinute(.audio, now: now) == 20)
        #expect(view.donePerMinute(.vector, now: now) == 0)
        #expect([0, 0.01, 0.44, 9.9, 12_345.6].map(Amount.rate) == ["0", "0.1", "0.4", "9.9", "12,346"])
    }

    @Test("Numbers are as people read them")
    func amounts() {
        #expect([0, 999, 1000, -1_234_567].map(Amount.count) == ["0", "999", "1,000", "-1,234,567"])
        let texts = [0.2, 59, 60, 3661, 200_000, .infinity].map(Amount.duration(seconds:))
        #expect(texts == ["200 ms", "59 s", "1 min", "1 h 1 min", "2 d 7 h", "–"])
    }
}
