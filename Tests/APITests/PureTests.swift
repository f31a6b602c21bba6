import Contracts
import Testing
import UseCases

@testable import API

/// The parts of the API that decide without doing anything.
struct PureTests {
    @Test("Times are written in UTC with milliseconds and read with any offset")
    func timestamps() {
        #expect(Timestamp.text(0) == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp.text(-1) == "1969-12-31T23:59:59.999Z")
        #expect(Timestamp.text(1_709_164_800_123_456) == "2024-02-29T00:00:00.123Z")
        #expect(Timestamp.text(.max) == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp.text(.min) == "0000-01-01T00:00:00.000Z")
        #expect(Timestamp.microseconds("1970-01-01T00:00:00Z") == 0)
        #expect(Timestamp.microseconds("2024-02-29t01:00:00.1234567+01:00") == 1_709_164_800_123_456)
        #expect(Timestamp.microseconds("1969-12-31T23:59:59.999-00:00") == -1000)
    }

    @Test(
        "A time survives being written and read", arguments: [0, 86_399, 951_782_400, 4_102_444_800, -62_135_596_800])
    func timestampsRoundTrip(seconds: Int64) {
        for offset in [Int64(0), 1, 999] {
            let time = (seconds * 1000 + offset) * 1000
            #expect(Timestamp.microseconds(Timestamp.text(time)) == time)
        }
    }

    @Test(
        "What is not RFC 3339 is not read",
        arguments: [
            "", "2026", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
            "2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
            "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+25:00", "2026-01-01T00:00:00Zx", "2026-01-01 00:00:00Z",
            "+2026-01-01T00:00:00Z", "２０２６-01-01T00:00:00Z", "2026-01-01T00:00:00.1234567890123456789Z",
        ])
    func badTimestamps(text: String) {
        #expect(Timestamp.microseconds(text) == nil)
    }

    @Test("Written JSON is read back as it was, control characters and all")
    func writer() throws {
        let value: JSONValue = [
            "a": [1, 2.5, true, nil, -9_223_372_036_854_775_808], "b\"\\\n\u{1F}\u{7F}é🎵": "\u{0}",
            "c": [:], "d": [],
            "e\u{9B}31m": "\u{202E}",
        ]
        let bytes = Shape<JSONValue>.any.json(value)
        #expect(try ContractJSON.decode(JSONValue.self, from: String(decoding: bytes, as: UTF8.self)) == value)
        let plain: JSONValue = ["a": [1, 2.5, true, nil, -9_223_372_036_854_775_808], "b\"\\\n\u{1F}\u{7F}é🎵": "/"]
        #expect(try JSONReader.read(Shape<JSONValue>.any.json(plain)) == plain)
    }

    @Test(
        "A peer is an IPv4 address or an IPv6 network",
        arguments: [
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"), ("2001:db8::1", "2001:db8:0:0"), ("::1", "0:0:0:0"),
            ("::ffff:192.0.2.1", "192.0.2.1"), ("fe80::1%eth0", "fe80:0:0:0"), ("2001:db8:1:2::", "2001:db8:1:2"),
            ("::", "0:0:0:0"),
        ])
    func peers(address: String, network: String) {
        #expect(PeerAddress.network(ofIPv6: address) == network)
    }

    @Test("The table of failed sign-ins stays bounded, and the worst peer is not forgotten for new ones")
    func limiterIsBounded() {
        var limiter = SignInLimiter()
        for _ in 0..<20 { limiter.recordFailure(of: "worst", now: 0) }
        for peer in 0..<5000 { limiter.recordFailure(of: "peer \(peer)", now: 1) }
        #expect(limiter.peerCount <= SignInLimiter.maxPeers)
        #expect(limiter.wait(for: "worst", now: 1) != nil)
        #expect(limiter.wait(for: "worst", now: 6_000_001) == nil)
    }

    @Test("The table of tokens stays bounded, and a verification that began before a revocation is not kept")
    func cacheIsBounded() {
        var cache = TokenCache()
        let token = MemoryStore.token(id: 1)
        for number in 0..<1000 {
            cache.insert(token, key: TokenCache.key("\(number)"), now: Int64(number), generation: 0)
        }
        #expect(cache.token(TokenCache.key("999"), now: 1000) != nil)
        #expect(cache.token(TokenCache.key("0"), now: 1000) == nil)
        cache.remove(tokenID: 1)
        #expect(cache.token(TokenCache.key("999"), now: 1000) == nil)
        cache.insert(token, key: TokenCache.key("late"), now: 1000, generation: 0)
        #expect(cache.token(TokenCache.key("late"), now: 1000) == nil)
    }
}
