import Domain
import Foundation
import StandIns
import Synchronization
import Testing
import UseCases

@testable import Integrations

/// Napster's accounts against a service that speaks as it did, over HTTP.
@Suite(.timeLimit(.minutes(2))) struct NapsterSignInTests {
    /// Microseconds since the epoch, as the stand-in counts them, and ahead of it when told so.
    private final class Clock: Sendable {
        private let ahead = Mutex<Int64>(0)

        var now: Int64 { Int64(Date().timeIntervalSince1970) * 1_000_000 + ahead.withLock { $0 } }

        func advance(seconds: Int64) { ahead.withLock { $0 += seconds * 1_000_000 } }
    }

    private struct Bench {
        let fleet: Fleet
        let server: StandInServer
        let service: NapsterService
        let napster: Napster
        let clock = Clock()

        init() async throws {
            var settings = Fleet.Settings(downloads: FileManager.default.temporaryDirectory)
            settings.napster.tokenSeconds = 7200
            fleet = try await Fleet(
                [.napster], settings: settings, searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")
            server = try #require(fleet[.napster])
            service = try #require(fleet.service(NapsterService.self))
            var options = HTTPCaller.Options(.napster)
            options.tries = 1
            options.policy = ServicePolicy(requestsPerSecond: 1000, requestsAtOnce: 1000)
            let key = fleet.settings.napster.firstKey
            let secret = try #require(fleet.settings.napster.secrets[key])
            napster = Napster(
                caller: HTTPCaller(service: "Napster", address: try ServiceAddress(server.url), options: options),
                key: Credential(key), secret: Credential(secret), clock: { [clock] in clock.now })
        }

        /// What the browser brings back.
        func code(_ request: WebSignIn) async throws -> (code: String, state: String) {
            let place = try #require(napster.webAddress(request))
            let target = String(place.dropFirst(server.url.count))
            let reply = await service.reply(to: Request(method: "GET", target: target))
            let location = try #require(reply.headers.first { $0.name.lowercased() == "location" }?.value)
            let items = URLComponents(string: location)?.queryItems ?? []
            return (
                try #require(items.first { $0.name == "code" }?.value),
                try #require(items.first { $0.name == "state" }?.value)
            )
        }

        func control(_ command: String) async {
            _ = await service.control(command, Request(method: "POST", target: "/"))
        }

        func signedIn() async throws -> ServiceAccount {
            let request = request()
            let back = try await code(request)
            return try await napster.account(.returned(HiddenText(back.code), of: request))
        }

        func request(_ verifier: String = String(repeating: "v", count: 64)) -> WebSignIn {
            WebSignIn(callback: "http://sillon.test/back?x=1", state: "st&te", verifier: HiddenText(verifier))
        }

        /// Paths that were asked for, in their order.
        var asked: [String] { server.journal.entries.map(\.path) }
    }

    @Test("The challenge is the one of RFC 7636, appendix B")
    func challenge() {
        let verifier = HiddenText("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        #expect(Napster.challenge(of: verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test("A code is worth an account once, for whoever asked for it")
    func codes() async throws {
        let bench = try await Bench()
        let request = bench.request()
        let back = try await bench.code(request)
        #expect(back.state == "st&te")
        let account = try await bench.napster.account(.returned(HiddenText(back.code), of: request))
        #expect(account.name == "demo" && account.renewal != nil)
        #expect(account.endsAt.map { abs($0 - bench.clock.now / 1_000_000 - 7200) < 60 } == true)
        let again = await #expect(throws: Failure.self) {
            try await bench.napster.account(.returned(HiddenText(back.code), of: request))
        }
        #expect(again?.reason == .signInAgain)
        let stolen = try await bench.code(request)
        let thief = await #expect(throws: Failure.self) {
            let other = bench.request(String(repeating: "w", count: 64))
            return try await bench.napster.account(.returned(HiddenText(stolen.code), of: other))
        }
        #expect(thief?.reason == .signInAgain, "the proof is not theirs")
        await bench.fleet.stop()
    }

    @Test("A token is renewed before it ends and when it is refused; only then, and the new one is what counts")
    func renewal() async throws {
        let bench = try await Bench()
        let first = try await bench.signedIn()
        #expect(try await bench.napster.checked(first).secret == first.secret)
        #expect(bench.asked.count { $0 == "/oauth/access_token" } == 1)
        bench.clock.advance(seconds: 7200 - 1000)
        let second = try await bench.napster.checked(first)
        #expect(second.secret != first.secret && second.renewal != first.renewal && second.name == "demo")
        #expect((second.endsAt ?? 0) > (first.endsAt ?? 0))
        #expect(bench.asked.count { $0 == "/oauth/access_token" } == 2)
        await bench.control("expire")
        let third = try await bench.napster.checked(second)
        #expect(third.secret != second.secret)
        #expect(try await bench.napster.checked(third).secret == third.secret)
        await bench.control("revoke")
        let gone = await #expect(throws: Failure.self) { try await bench.napster.checked(third) }
        #expect(gone?.reason == .signInAgain)
        await bench.server.goAway()
        let away = await #expect(throws: Failure.self) { try await bench.napster.checked(third) }
        #expect(away?.reason != .signInAgain, "who is away has not said no")
        await bench.fleet.stop()
    }
}
