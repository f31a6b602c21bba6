import Testing

@testable import StandIns

/// Faults over a real socket, seen with a client that is not ours.
@Suite struct FaultTests {
    private struct Hello: StandInService {
        static let name = "hello"
        func reply(to request: Request) async -> Reply { .json(["path": .string(request.path), "n": 12_345_678]) }
        func refusal(code: Int, to request: Request) -> Reply? { .text("error \(code)", status: 499) }
    }

    @Test("Faults meet the requests that they were ordered for, and the journal tells")
    func plan() async throws {
        let server = try await StandInServer(Hello())
        server.faults.add(.status(429, retryAfter: "3600").times(2).at("/a"))
        server.faults.add(.code(29).times(1))
        let plain = try await Curl.get(server.url + "/b?sk=secret&x=1")
        #expect(plain.status == 499)
        #expect(try await Curl.get(server.url + "/a").headers.contains("Retry-After: 3600"))
        #expect(try await Curl.get(server.url + "/a").status == 429)
        #expect(try await Curl.get(server.url + "/a").status == 200)
        let entries = server.journal.entries
        #expect(entries.map(\.status) == [499, 429, 429, 200])
        #expect(entries.map(\.fault) == ["code", "status", "status", nil])
        #expect(entries[0].query.hasPrefix("sk=sha256:"))
        #expect(entries[0].query.hasSuffix("&x=1"))
        await server.stop()
    }

    @Test("Connections break as they were told to: curl's exit code says how")
    func wire() async throws {
        let server = try await StandInServer(Hello())
        // 18: less than was promised; 28: not done in time; 56: reset.
        for (kind, exit, patience) in [(Fault.Kind.cutOff, 18, "30"), (.silence, 28, "1"), (.reset, 56, "30")] {
            server.faults.add(Fault(kind).times(1))
            #expect(try await Curl.get(server.url + "/", "-m", patience).exit == exit, "\(kind)")
        }
        server.faults.add(Fault(.endless).times(1))
        let endless = try await Curl.get(server.url + "/", "-m", "2")
        #expect(endless.exit == 28)
        #expect(endless.body.count > 1_000, "much more than the answer has")
        server.faults.add(Fault(.half).times(1))
        let half = try await Curl.get(server.url + "/")
        #expect(half.exit == 0)
        #expect(throws: (any Error).self) { try JSON(parsing: Array(half.body.utf8)) }
        await server.stop()
    }

    @Test("A server that went away refuses connections until it is back on its port")
    func away() async throws {
        let server = try await StandInServer(Hello())
        await server.goAway()
        #expect(try await Curl.get(server.url + "/").exit == 7)
        await server.comeBack()
        #expect(try await Curl.get(server.url + "/").status == 200)
        await server.stop()
    }

    @Test("The control port tells of a server that is away, and orders faults")
    func control() async throws {
        let server = try await StandInServer(Hello())
        let control = try await StandInServer(ControlService([server]))
        _ = try await Curl.get(server.url + "/seen")
        #expect(try await Curl.get(control.url + "/hello/journal").body.contains(#""path":"/seen""#))
        #expect(try await Curl.get(control.url + "/hello/faults", "-d", #"{"fault":"html"}"#).status == 204)
        #expect(try await Curl.get(server.url + "/").body.hasPrefix("<!DOCTYPE html>"))
        #expect(try await Curl.get(server.url + "/__control/faults", "-X", "DELETE").status == 204)
        #expect(try await Curl.get(server.url + "/").body.hasPrefix("{"))
        #expect(try await Curl.get(control.url + "/hello/away", "-d", "{}").status == 204)
        #expect(try await Curl.get(server.url + "/").exit == 7)
        #expect(try await Curl.get(control.url + "/hello/back", "-d", "{}").status == 204)
        #expect(try await Curl.get(server.url + "/").status == 200)
        await control.stop()
        await server.stop()
    }
}
