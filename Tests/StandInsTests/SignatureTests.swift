import Testing

@testable import StandIns

@Suite struct SignatureTests {
    private func items(_ pairs: KeyValuePairs<String, String>) -> [Parameters.Item] {
        pairs.map { Parameters.Item(name: $0.key, value: $0.value) }
    }

    @Test("A session is asked for with the signature of the documentation's example")
    func session() {
        let call = items([
            "token": "YOUR_REQUESTED_TOKEN", "method": "auth.getSession", "format": "json", "api_key": "YOUR_API_KEY",
        ])
        #expect(LastFMSignature.sign(call, secret: "YOUR_SECRET") == "94539006de89b3c6b3c030bb1e52b9c4")
    }

    @Test("A loved track is signed over values that are not percent-encoded")
    func love() {
        let call = items([
            "method": "track.love", "artist": "KITANO REM", "track": "RAINSICK", "api_key": "YOUR_API_KEY",
            "sk": "YOUR_SESSION_KEY", "callback": "ignored", "api_sig": "ignored",
        ])
        #expect(LastFMSignature.sign(call, secret: "YOUR_SECRET") == "800b8884b00c9343d1d425ed271e0f42")
    }

    @Test("Names of a batch are in the order of their bytes: 0, 10, 1")
    func batch() {
        let call = items(["artist[1]": "b", "artist[10]": "c", "artist[0]": "a"])
        #expect(LastFMSignature.sign(call, secret: "s") == Digest.md5("artist[0]aartist[10]cartist[1]bs"))
    }
}
