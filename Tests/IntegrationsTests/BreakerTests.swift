import Domain
import Integrations
import TestSupport
import Testing
import UseCases

@Suite(.timeLimit(.minutes(2))) struct BreakerTests {
    @Test("A service that fails is left alone, then one probe goes, and its success lets all through")
    func outage() async throws {
        let bench = try await ModelBench()
        bench.service.set(.busy(retryAfter: nil))
        for _ in 0..<3 { _ = await bench.failure() }
        let asked = bench.service.count("/api/embed")
        #expect(asked == 3)
        for number in 0..<50 {
            let failure = await bench.failure("text \(number)")
            #expect(failure?.reason == .serviceUnavailable)
            #expect((failure?.retryAfterSeconds ?? 0) > 0)
        }
        #expect(bench.service.count("/api/embed") == asked, "nobody asks while it is open")
        #expect(bench.model.pauseSeconds > 0)

        bench.time.advance(bench.model.pauseSeconds)
        _ = await bench.failure("probe")
        #expect(bench.service.count("/api/embed") + bench.service.count("/api/tags") > asked)
        #expect(bench.model.pauseSeconds > 10, "twice as long after a probe that failed")

        bench.service.set(.well)
        bench.time.advance(bench.model.pauseSeconds)
        #expect(await bench.failure() == nil)
        #expect(bench.model.pauseSeconds == 0)
    }

    @Test("Within a call what may pass is tried once more after a short pause, what may not is not")
    func tries() async throws {
        let bench = try await ModelBench(tries: 2)
        bench.service.set(.crashed)
        _ = await bench.failure()
        #expect(bench.service.count("/api/embed") == 2)
        #expect(bench.time.slept.count == 1)
        #expect((0.1...0.2).contains(bench.time.slept.first ?? 0))
        let asking = try await ModelBench(tries: 2)
        asking.service.set(.busy(retryAfter: "30"))
        _ = await asking.failure()
        #expect(asking.service.count("/api/embed") == 1, "who asks for half a minute is not asked again in a second")
        let refused = try await ModelBench(tries: 2)
        refused.service.set(.status(400, body: "{}"))
        _ = await refused.failure()
        #expect(refused.service.count("/api/embed") == 1)
    }

    @Test("Refusals of a text show that the service lives: they open nothing")
    func refusals() async throws {
        let bench = try await ModelBench()
        bench.service.set(.status(400, body: "{}"))
        for number in 0..<20 { #expect(await bench.failure("text \(number)")?.reason == .serviceRefused) }
        #expect(bench.model.pauseSeconds == 0)
    }

    @Test(
        "One fault of the settings stops all requests, with its reason, and all goes on by itself once it is mended",
        arguments: [401, 402, 403, 307])
    func blocked(status: Int) async throws {
        let bench = try await ModelBench(key: Credential("s3cret"))
        bench.service.set(.status(status, body: "{}", location: "/elsewhere"))
        for number in 0..<20 {
            let failure = await bench.failure("text \(number)")
            #expect(failure?.reason == .serviceBlocked && failure?.isPostponing == true)
            #expect(failure?.message.contains("\(status)") == true, "each says why")
        }
        #expect(bench.service.count("/api/embed") == 1)
        #expect(bench.model.health.state == .refused)
        bench.service.set(.well)
        bench.time.advance(bench.model.pauseSeconds)
        #expect(await bench.failure() == nil)
        #expect(bench.model.pauseSeconds == 0)
    }
}
