import Domain
import Synchronization
import Testing

@testable import Integrations

/// Where requests never go.
@Suite(.timeLimit(.minutes(2))) struct GuardTests {
    /// As if 127.0.0.2 and 127.0.0.3 were somewhere on the internet.
    private static let forbidden: @Sendable (NetworkAddress) -> SpecialRange? = { address in
        ["127.0.0.2", "127.0.0.3"].contains(address.description) ? nil : SpecialRange.of(address)
    }

    private func caller(
        _ address: String, isNamed: Bool = false, hosts: Set<String> = [],
        resolver: NameResolver = NameResolver { _ in throw NameResolver.UnknownName() }
    ) throws -> HTTPCaller {
        var options = HTTPCaller.Options()
        options.tries = 1
        options.isAddressNamed = isNamed
        options.namedHosts = hosts
        return HTTPCaller(
            service: "Test", address: try ServiceAddress(address), credential: Credential("s3cret"), options: options,
            clock: HandTime().clock, network: ServiceNetwork(resolver: resolver, forbidden: Self.forbidden))
    }

    private func request(_ path: String = "/start", redirects: Int = 3) -> ServiceRequest {
        var request = ServiceRequest(path, limit: .seconds(20))
        request.redirectsMax = redirects
        request.headers = [("x-api-key", "also s3cret")]
        return request
    }

    private func ask(_ caller: HTTPCaller, _ request: ServiceRequest) async -> Failure? {
        do {
            let status = try await caller.call(request) { $0.status }
            return status == 200 ? nil : Failure(.internalError, "\(status)")
        } catch {
            return error as? Failure ?? Failure(.internalError, "\(error)")
        }
    }

    @Test(
        "A redirect into a private network is not followed",
        arguments: [
            "http://127.0.0.1:PORT/", "http://localhost:PORT/", "http://[::ffff:127.0.0.1]:PORT/", "//127.0.0.1:PORT/",
            "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[64:ff9b::7f00:1]:PORT/",
            "http://2130706433:PORT/", "http://0x7f.1:PORT/", "http://0:PORT/", "http://user@127.0.0.1:PORT/",
            "file:///etc/passwd", "http:///", "",
        ])
    func redirect(target: String) async throws {
        let inner = try await RawServer()
        let location = target.replacing("PORT", with: "\(inner.port)")
        let server = try await RawServer { _ in .answer(302, headers: ["location: \(location)"]) }
        // Named by the admin, so that it may be asked itself; where it leads to, it may not.
        let caller = try caller(server.url, isNamed: true, resolver: .system)
        let failure = await ask(caller, request())
        #expect(failure?.reason == .serviceError, "\(String(describing: failure))")
        #expect(inner.requests.isEmpty)
    }

    @Test("Redirects lead to other hosts where the request allows it, and no key goes along")
    func hops() async throws {
        let last = try await RawServer(host: "127.0.0.3")
        let (lastURL, middleHost) = (last.url, "127.0.0.2")
        let middle = try await RawServer(host: middleHost) { head in
            head.hasPrefix("GET /one")
                ? .answer(307, headers: ["location: /two"])
                : .answer(302, headers: ["location: \(lastURL)/end"])
        }
        let first = try await RawServer { _ in
            .answer(307, headers: ["location: //\(middleHost):\(middle.port)/one"])
        }
        let caller = try caller(first.url, isNamed: true)
        #expect(await ask(caller, request(redirects: 3)) == nil)
        #expect(last.requests.count == 1 && middle.requests.count == 2)
        #expect(first.requests[0].contains("s3cret"))
        for head in middle.requests + last.requests { #expect(!head.contains("s3cret"), "\(head)") }
        #expect(await ask(caller, request(redirects: 2))?.message.contains("more than 2 times") == true)
        #expect(await ask(caller, request(redirects: 0))?.reason == .serviceBlocked)
        #expect(last.requests.count == 1)
    }

    @Test("Neither a key in the address nor a cookie nor where it came from goes along to another host")
    func nothingElse() async throws {
        let other = try await RawServer(host: "127.0.0.2")
        let url = other.url
        let first = try await RawServer { _ in
            .answer(302, headers: ["location: \(url)/end", "set-cookie: sid=s3cret; Path=/"])
        }
        let caller = try caller(first.url, isNamed: true)
        var request = request()
        request.query = [("api_key", "s3cret"), ("token", "s3cret")]
        for _ in 0..<2 { #expect(await ask(caller, request) == nil) }
        #expect(first.requests.count == 2 && other.requests.count == 2)
        #expect(first.requests.allSatisfy { $0.contains("api_key=s3cret") })
        for head in first.requests + other.requests {
            #expect(!head.lowercased().contains("cookie") && !head.lowercased().contains("referer"), "\(head)")
        }
        for head in other.requests { #expect(!head.contains("s3cret"), "\(head)") }
    }

    @Test("What is sent to one server is sent to no other: a redirect of it is not followed, also with 307")
    func bodies() async throws {
        let other = try await RawServer(host: "127.0.0.2")
        let url = other.url
        for status in [301, 302, 303, 307, 308] {
            let first = try await RawServer { _ in .answer(status, headers: ["location: \(url)/end"]) }
            var request = request()
            request.body = .form([("password", "s3cret")])
            #expect(await ask(try caller(first.url, isNamed: true), request)?.reason == .serviceBlocked)
        }
        #expect(other.requests.isEmpty)
    }

    @Test("To the same host at another port no key goes along either")
    func otherPort() async throws {
        let other = try await RawServer(host: "127.0.0.2")
        let url = other.url
        let first = try await RawServer(host: "127.0.0.2") { _ in .answer(302, headers: ["location: \(url)/"]) }
        #expect(await ask(try caller(first.url), request()) == nil)
        #expect(other.requests.count == 1 && !other.requests[0].contains("s3cret"))
    }

    @Test("An address that a service named is asked without a key, and never inside")
    func elsewhere() async throws {
        let picture = try await RawServer(host: "127.0.0.2")
        let inner = try await RawServer()
        let caller = try caller("http://127.0.0.3:1")
        #expect(await ask(caller, request(picture.url + "/cover.jpg")) == nil)
        #expect(!picture.requests[0].contains("s3cret"))
        #expect(await ask(caller, request(inner.url + "/"))?.reason == .serviceError)
        #expect(inner.requests.isEmpty)
        #expect(caller.pauseSeconds == 0, "another host's trouble is not the service's")
    }

    @Test("A name that leads inside is refused, and says that the settings may allow it")
    func inside() async throws {
        let inner = try await RawServer()
        let resolver = NameResolver { _ in [try #require(NetworkAddress("127.0.0.1"))] }
        let strange = try caller("http://music.example:\(inner.port)", resolver: resolver)
        let failure = await ask(strange, request())
        #expect(failure?.reason == .serviceBlocked && failure?.message.contains("127.0.0.1") == true)
        #expect(inner.requests.isEmpty)
        let named = try caller("http://music.example:1", hosts: ["127.0.0.1:\(inner.port)"], resolver: resolver)
        #expect(await ask(named, request(inner.url + "/")) == nil)
    }

    @Test("A name that changes its address after it was checked is asked where it was checked")
    func rebinding() async throws {
        let outer = try await RawServer(host: "127.0.0.2")
        let inner = try await RawServer(host: "127.0.0.1", port: outer.port)
        let asked = Mutex(0)
        let resolver = NameResolver { _ in
            let number = asked.withLock { number in
                number += 1
                return number
            }
            return [try #require(NetworkAddress(number % 2 == 1 ? "127.0.0.2" : "127.0.0.1"))]
        }
        let caller = try caller("http://music.example:\(outer.port)", resolver: resolver)
        #expect(await ask(caller, request()) == nil)
        #expect(outer.requests.count == 1)
        #expect(outer.requests[0].lowercased().contains("host: music.example:\(outer.port)"))
        #expect(await ask(caller, request())?.reason == .serviceBlocked)
        #expect(outer.requests.count == 1 && inner.requests.isEmpty)
    }

    @Test("Of several addresses only those outside are tried, and the next one when nobody listens at the first")
    func several() async throws {
        let outer = try await RawServer(host: "127.0.0.3")
        let inner = try await RawServer(host: "127.0.0.1", port: outer.port)
        let all = try ["127.0.0.1", "10.0.0.1", "127.0.0.2", "127.0.0.3"].map { try #require(NetworkAddress($0)) }
        let caller = try caller("http://music.example:\(outer.port)", resolver: NameResolver { _ in all })
        #expect(await ask(caller, request()) == nil)
        #expect(outer.requests.count == 1 && inner.requests.isEmpty)
    }

    @Test("A name that nobody knows is waited for")
    func unknown() async throws {
        let failure = await ask(try caller("http://music.example"), request())
        #expect(failure?.reason == .serviceUnavailable && failure?.message.contains("music.example") == true)
    }
}
