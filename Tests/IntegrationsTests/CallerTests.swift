import Domain
import Synchronization
import Telemetry
import Testing
import UseCases

@testable import Integrations

/// What a service does to us, and what we do then.
@Suite(.timeLimit(.minutes(2))) struct CallerTests {
    private func caller(
        _ server: RawServer, tries: Int = 1, key: String? = nil, time: HandTime = HandTime(),
        gate: (any ServiceGate)? = nil, network: ServiceNetwork = .system,
        change: (inout HTTPCaller.Options) -> Void = { _ in }
    ) throws -> HTTPCaller {
        var options = HTTPCaller.Options()
        options.tries = tries
        options.answerBytesMax = 100_000
        options.policy.breaker = CircuitBreaker.Policy(
            failuresToOpen: 3, firstPauseSeconds: 60, longestPauseSeconds: 600)
        change(&options)
        return HTTPCaller(
            service: "Test", address: try ServiceAddress(server.url), credential: key.map(Credential.init),
            options: options, clock: time.clock, gate: gate, network: network)
    }

    private struct Word: Decodable, Sendable { let word: String }

    private func ask(_ caller: HTTPCaller, _ request: ServiceRequest? = nil) async -> Failure? {
        do {
            _ = try await caller.call(request ?? ServiceRequest("/path", limit: .seconds(20))) { answer in
                try answer.json(Word.self, of: "Test").word
            }
            return nil
        } catch {
            return error as? Failure ?? Failure(.internalError, "\(error)")
        }
    }

    @Test("What a service repeats of a key in its refusal is hidden from the start", arguments: [400, 401, 429, 500])
    func repeatedKey(status: Int) async throws {
        let words = "Incorrect API key provided: Bearer otherhunter2, s3cret-word, in-the-query, X-Api-Key: hunter2"
        let body = "{\"error\":{\"message\":\"\(words)\"}}"
        let server = try await RawServer { _ in .answer(status, body: body) }
        var request = ServiceRequest("/p", limit: .seconds(5))
        request.query = [("api_key", "in-the-query")]
        let caller = try caller(server, key: "s3cret-word")
        var message: String?
        do {
            _ = try await caller.call(request) { answer in throw answer.refusal(of: .openai) }
        } catch let failure as Failure {
            message = failure.message
        }
        let shown = try #require(message)
        #expect(shown.contains("Incorrect API key provided: Bearer [hidden]"), "\(shown)")
        for secret in ["hunter2", "s3cret", "in-the-query"] { #expect(!shown.contains(secret), "\(shown)") }
    }

    @Test("Method, query, form and key arrive as they should, and the key is nowhere in what is printed")
    func request() async throws {
        let server = try await RawServer { _ in .answer(200, body: #"{"word":"a"}"#) }
        let caller = try caller(server, key: "s3cret") { $0.userAgent = "Sillon/1 ( me@example.org )" }
        var request = ServiceRequest("/p", limit: .seconds(5))
        request.query = [("a b", "ü&=+")]
        request.method = .put
        request.body = .form([("x", "1 2")])
        request.headers = [("x-more", "yes")]
        #expect(await ask(caller, request) == nil)
        request.authorization = .header("X-API-Key", Credential("other"))
        #expect(await ask(caller, request) == nil)
        let (first, second) = (server.requests[0].lowercased(), server.requests[1].lowercased())
        #expect(first.hasPrefix("put /p?a%20b=%c3%bc%26%3d%2b http/1.1"))
        for line in [
            "authorization: bearer s3cret", "user-agent: sillon/1 ( me@example.org )", "x-more: yes",
            "content-type: application/x-www-form-urlencoded", "content-length: 7",
        ] { #expect(first.contains(line), "\(line)") }
        #expect(second.contains("x-api-key: other") && !second.contains("s3cret"))
        #expect(!"\(request)".contains("other") && !"\(caller)".contains("s3cret"))
    }

    @Test("A request is told in the trace with its host only, and the service hears nothing of the trace")
    func trace() async throws {
        let server = try await RawServer { _ in .answer(404, body: "{}") }
        let spans = SpanQueue()
        let recorder = TraceRecorder(queue: spans, ratio: 1, random: { .random(in: 1 ... .max) })
        let place = TraceParent(traceHigh: 1, traceLow: 2, span: 3, isSampled: true)
        let caller = try caller(server, key: "s3cret")
        await WorkContext(trace: place, recorder: recorder).run {
            _ = await ask(caller, ServiceRequest("/p?api_key=s3cret", limit: .seconds(20)))
        }
        #expect(!server.requests[0].lowercased().contains("traceparent"))
        let span = try #require(spans.take(upTo: 5).first)
        #expect(span.name == "GET" && span.parent == 3)
        let text = SpanJSON(resource: [], version: "1").request([span])
        #expect(text.contains("127.0.0.1") && text.contains("\"error.type\"") && text.contains("404"))
        #expect(!text.contains("s3cret") && !text.contains("/p"))
    }

    @Test(
        "An answer that is none is a service error that says what came",
        arguments: [
            (RawServer.Reply.answer(200, body: #"{"wo"#), "not understood"),
            (.answer(200, headers: ["content-type: text/html"], body: "<html>busy</html>"), "HTML"),
            (.answer(500), "500"),
            (.bytes("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"word\":"), "broke off"),
            (.endless("HTTP/1.1 200 OK\r\n\r\n"), "more than 100000 bytes"),
            (.answer(200, body: String(repeating: "x", count: 100_001)), "more than 100000 bytes"),
        ])
    func nonsense(reply: RawServer.Reply, words: String) async throws {
        let server = try await RawServer { _ in reply }
        let caller = try caller(server)
        let failure = await ask(caller)
        #expect(failure?.reason == .serviceError)
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
        let decision = AttemptDecision.after(try #require(failure), failures: 1, policy: .network, unit: 0)
        #expect(decision == .retry(afterSeconds: 5), "an attempt is charged")
        #expect(caller.pauseSeconds == 0, "once is no reason to leave it alone")
        for _ in 0..<2 { _ = await ask(caller) }
        #expect(caller.pauseSeconds > 30)
        let asked = server.requests.count
        #expect(await ask(caller)?.reason == .serviceUnavailable)
        #expect(server.requests.count == asked)
    }

    @Test("Who does not answer is given up in time")
    func silence() async throws {
        let server = try await RawServer { _ in .silence }
        let failure = await ask(try caller(server), ServiceRequest("/", limit: .milliseconds(200)))
        #expect(failure?.reason == .serviceError && failure?.message.contains("did not answer") == true)
    }

    @Test("A pause of a second is waited for within the call, an hour opens the breaker for an hour")
    func retryAfter() async throws {
        let count = Mutex(0)
        let server = try await RawServer { _ in
            let number = count.withLock { number in
                number += 1
                return number
            }
            return number == 1 ? .answer(429, headers: ["retry-after: 1"]) : .answer(200, body: #"{"word":"a"}"#)
        }
        let time = HandTime()
        #expect(await ask(try caller(server, tries: 2, time: time)) == nil)
        #expect(server.requests.count == 2 && time.slept == [1])

        for header in [
            "retry-after: 3600", "retry-after: Sun, 06 Nov 1994 09:49:37 GMT\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT",
            "x-ratelimit-reset-in: 3600",
        ] {
            let busy = try await RawServer { _ in .answer(429, headers: [header]) }
            let caller = try caller(busy, tries: 2)
            let failure = await ask(caller)
            #expect(failure?.reason == .serviceUnavailable && failure?.retryAfterSeconds == 3600)
            let decision = AttemptDecision.after(try #require(failure), failures: 1, policy: .network, unit: 0)
            #expect(decision == .postpone(afterSeconds: 3600))
            #expect(caller.pauseSeconds == 3600)
            #expect(await ask(caller)?.retryAfterSeconds == 3600)
            #expect(busy.requests.count == 1)
        }
    }

    @Test("A dead host is asked at most once a minute, by all workers together")
    func dead() async throws {
        let server = try await RawServer { _ in .bytes("") }
        let time = HandTime()
        let gate = LocalServiceGate(clock: time.clock)
        let callers = try (0..<4).map { _ in try caller(server, tries: 2, time: time, gate: gate) }
        for caller in callers { _ = await ask(caller) }
        let before = server.requests.count
        #expect(before <= 4)
        var minutes: [Int] = []
        for _ in 0..<10 {
            let start = server.requests.count
            for _ in 0..<60 {
                time.advance(1)
                for caller in callers { _ = await ask(caller) }
            }
            minutes.append(server.requests.count - start)
        }
        #expect(minutes.allSatisfy { $0 <= 1 } && minutes.contains(1), "\(minutes)")
    }

    @Test("What must not happen twice is not tried again")
    func once() async throws {
        let server = try await RawServer { _ in .answer(500) }
        var request = ServiceRequest("/", body: [], limit: .seconds(5))
        request.isRepeatable = false
        _ = await ask(try caller(server, tries: 3), request)
        #expect(server.requests.count == 1)
    }

    @Test("A user's own key that is refused is a matter of that user, and stops nobody else")
    func usersKey() async throws {
        let server = try await RawServer { _ in .answer(401) }
        let caller = try caller(server)
        var request = ServiceRequest("/", limit: .seconds(5))
        request.authorization = .scheme("Token", Credential("hers"))
        let status = try await caller.call(request) { $0.status }
        #expect(status == 401 && caller.pauseSeconds == 0)
        #expect(await ask(caller)?.reason == .serviceBlocked)
        #expect(caller.pauseSeconds > 0)
    }

    @Test("A quota that all keep together is refused where nobody can count it")
    func withoutCount() async throws {
        let server = try await RawServer { _ in .answer(200, body: #"{"word":"a"}"#) }
        let caller = try caller(server, gate: ClosedServiceGate()) { $0.policy.sharesQuota = true }
        let failure = await ask(caller)
        #expect(failure?.isPostponing == true && failure?.message.contains("no database") == true)
        #expect(server.requests.isEmpty)
        #expect(await ask(try self.caller(server, gate: ClosedServiceGate())) == nil)
    }

    @Test("A redirect that stays with the same server counts against its quota")
    func redirectQuota() async throws {
        let server = try await RawServer { head in
            head.hasPrefix("GET /old")
                ? .answer(301, headers: ["location: /new"]) : .answer(200, body: #"{"word":"a"}"#)
        }
        let time = HandTime()
        let caller = try caller(server, time: time) {
            $0.policy = .everybodys(perSecond: 1, atOnce: 1)
        }
        var request = ServiceRequest("/old", limit: .seconds(20))
        request.redirectsMax = 2
        #expect(await ask(caller, request) == nil)
        #expect(await ask(caller, request) == nil)
        #expect(server.requests.count == 4 && time.slept == [1, 1, 1])
    }

    @Test("Whoever waits for less time than its turn takes is told when to come again")
    func crowded() async throws {
        let server = try await RawServer { _ in .answer(200, body: #"{"word":"a"}"#) }
        let time = HandTime()
        let gate = LocalServiceGate(clock: time.clock)
        let caller = try caller(server, time: time, gate: gate) {
            $0.policy = .everybodys(perSecond: 0.1, atOnce: 1)
        }
        #expect(await ask(caller) == nil)
        let failure = await ask(caller, ServiceRequest("/", limit: .seconds(4)))
        #expect(failure?.reason == .serviceUnavailable && failure?.retryAfterSeconds == 10)
        #expect(caller.pauseSeconds == 0 && server.requests.count == 1)
    }
}
