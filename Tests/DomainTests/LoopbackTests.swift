import Domain
import Testing

@Suite struct LoopbackTests {
    @Test(
        "This machine's own names are known, and names that only look like them are not",
        arguments: [
            ("localhost", true), ("LOCALHOST", true), ("127.0.0.1", true), ("127.1.2.3", true), ("::1", true),
            ("[::1]", true), ("127.0.0.1.example.com", false), ("127.example.com", false), ("127.0.0.256", false),
            ("127.0.0.+1", false), ("127.0.0", false), ("128.0.0.1", false), ("", false),
        ])
    func names(host: String, isOwn: Bool) {
        #expect(Loopback.contains(host) == isOwn)
    }
}
