import Contracts
import Domain
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(3)))
struct AcoustIDTests {
    @Test("A server that was asked for fingerprints answers those that the probe prints")
    func asked() async throws {
        let library = try await Library()
        let (lab, asked) = (library.lab, ["SILLON_FINGERPRINT": "true"])
        let server = try await ServerProcess.start(lab, .up, music: [lab.music], environment: asked)
        try await server.api.allScansEnded()
        let id = try #require(try await server.api.tracksByName()["Bracken.flac"]?["id"]?.int)
        let fingerprint = try #require(try await server.api.ask(.get, "/v1/tracks/\(id)")["fingerprint"]?.text)
        #expect(fingerprint.hasPrefix("AQA"), "version and algorithm 2")
        let probe = try await lab.run(["probe", "audio", lab.music + "/Shelf/Bracken.flac", "--fingerprint", "--json"])
        let details = try ContractJSON.decode(JSONValue.self, from: probe.output)["details"]
        #expect(details?["fingerprint"]?.text == fingerprint)
        #expect(try await server.stop() == .code(0))
    }

    @Test("Without being asked there is none")
    func notAsked() async throws {
        let library = try await Library()
        let server = try await library.served()
        let id = try #require(try await server.api.tracksByName()["Bracken.flac"]?["id"]?.int)
        #expect(try await server.api.ask(.get, "/v1/tracks/\(id)")["fingerprint"] == .null)
        #expect(try await server.stop() == .code(0))
    }
}
