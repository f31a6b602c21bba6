import Domain
import Integrations
import TestSupport
import Testing
import UseCases

@Suite(.timeLimit(.minutes(2))) struct OpenAITests {
    @Test("The same texts, in the form of OpenAI, in whatever order they come back")
    func vectors() async throws {
        let bench = try await ModelBench(openAI: true)
        async let one = bench.embed("one")
        async let two = bench.embed("two")
        let (first, second) = try await (one, two)
        let ollama = try await ModelBench(service: bench.service)
        #expect(try await ollama.embed("one").vector == first.vector)
        #expect(try await ollama.embed("two").vector == second.vector)
        #expect(first.space == EmbeddingSpace(model: "openai:nomic-embed-text", digest: "", dimension: 64))
        #expect(first.space.name == "openai:nomic-embed-text/64")
    }

    @Test("The key is sent to the service, and is in no message and no description")
    func key() async throws {
        let bench = try await ModelBench(openAI: true, key: Credential("sk-secret"))
        _ = try await bench.embed("one")
        #expect(bench.service.seen.first?.headers["authorization"] == "Bearer sk-secret")
        bench.service.set(.status(401, body: #"{"error":{"message":"Incorrect API key provided"}}"#))
        let failure = try #require(await bench.failure("two"))
        #expect(failure.reason == .serviceBlocked)
        #expect(failure.message.contains("Incorrect API key provided"))
        var dump = ""
        Swift.dump(Credential("sk-secret"), to: &dump)
        for text in [failure.message, "\(Credential("sk-secret"))", dump, "\(bench.log.all)"] {
            #expect(!text.contains("sk-secret"))
        }
    }

    @Test("A model that is not there is fatal")
    func missing() async throws {
        let bench = try await ModelBench("no-such", openAI: true)
        #expect(await bench.failure()?.reason == .modelMissing)
    }
}

@Suite struct ServiceAddressTests {
    @Test("An address is http or https, has a host, and holds no secret")
    func addresses() throws {
        #expect(try ServiceAddress("http://ollama.local:11434/").url == "http://ollama.local:11434")
        #expect(try ServiceAddress("https://x/y/v1").url == "https://x/y/v1")
        #expect(try ServiceAddress("http://127.0.0.1:1").isLoopback)
        #expect(try !ServiceAddress("http://10.0.0.1").isLoopback)
        for text in ["", "ollama", "ftp://x", "http://", "unix:///run/x"] {
            #expect(throws: ServiceAddress.Problem.notAnAddress) { try ServiceAddress(text) }
        }
        for text in ["http://me:word@x", "http://x?a=1", "http://x#a", "ftp://me@x?key=1"] {
            #expect(throws: ServiceAddress.Problem.holdsSecret) { try ServiceAddress(text) }
        }
    }
}
