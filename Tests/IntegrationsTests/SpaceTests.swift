import Domain
import Integrations
import TestSupport
import Testing
import UseCases

@Suite(.timeLimit(.minutes(2))) struct SpaceTests {
    @Test("Another digest under the same name begins another space, and the log says so")
    func digest() async throws {
        let bench = try await ModelBench()
        let before = try await bench.embed("words")
        bench.service.set("nomic-embed-text", .init(digest: "bbbb"))
        let after = try await bench.embed("other words")
        #expect(before.space.digest == "aaaa" && after.space.digest == "bbbb")
        let said = try #require(bench.log.all.first)
        #expect(said.contains("new space") && said.contains("@aaaa/64") && said.contains("@bbbb/64"))
        #expect(bench.log.all.count == 1)
        #expect(try await bench.embed("words").space.digest == "bbbb", "what is cached belongs to the model of before")
    }

    @Test("Another dimension under the same name is another space, also while the known digest counts as fresh")
    func dimension() async throws {
        let bench = try await ModelBench(digestSeconds: 3600)
        _ = try await bench.embed("words")
        bench.service.set("nomic-embed-text", .init(digest: "bbbb", dimension: 32))
        let after = try await bench.embed("other words")
        #expect(after.space == EmbeddingSpace(model: "ollama:nomic-embed-text", digest: "bbbb", dimension: 32))
        #expect(bench.log.all.count == 1)
    }

    @Test("What was answered while the model changed is thrown away, and asked anew of the model that is there now")
    func changedMeanwhile() async throws {
        let bench = try await ModelBench(digestSeconds: 3600)
        _ = try await bench.embed("words")
        // Trusted for an hour, as if the change came while the request was under way.
        bench.service.set("nomic-embed-text", .init(digest: "bbbb"))
        let after = try await bench.embed("other words")
        #expect(after.space.digest == "bbbb")
        #expect(after.vector == OllamaStandIn.vector(of: "search_document: other words", .init(digest: "bbbb")))
        #expect(bench.service.count("/api/embed") == 3)
    }

    @Test("A vector that is too long is refused with both numbers")
    func tooLong() async throws {
        let bench = try await ModelBench()
        bench.service.set("nomic-embed-text", .init(digest: "x", dimension: 5000))
        let failure = await bench.failure()
        #expect(failure?.reason == .serviceRefused)
        #expect(failure?.message.contains("5000") == true && failure?.message.contains("4096") == true)
    }

    @Test("Vectors of different lengths in one answer are refused with both numbers")
    func mixed() async throws {
        let bench = try await ModelBench(gathering: .milliseconds(500))
        bench.service.set(.mixedDimensions)
        async let one = bench.failure("one")
        async let two = bench.failure("two")
        for failure in await [one, two] {
            #expect(failure?.reason == .serviceError)
            #expect(failure?.message.contains("65") == true && failure?.message.contains("64") == true)
        }
    }
}

@Suite(.timeLimit(.minutes(2))) struct VectorCacheTests {
    private let space = EmbeddingSpace(model: "ollama:m", digest: "d", dimension: 1)

    @Test("A text that was embedded is not sent again within five minutes, and then it is")
    func life() async throws {
        let bench = try await ModelBench()
        let first = try await bench.embed("words")
        #expect(try await bench.embed("words") == first)
        #expect(bench.service.texts.count == 1)
        #expect(bench.model.cache.hits == 1 && bench.model.cache.entries == 1)
        bench.time.advance(301)
        _ = try await bench.embed("words")
        #expect(bench.service.texts.count == 2)
    }

    @Test("While the service is away what is cached is still answered")
    func away() async throws {
        let bench = try await ModelBench()
        let first = try await bench.embed("words")
        try await bench.service.close()
        bench.service.set(.silent)
        #expect(try await bench.embed("words") == first)
    }

    @Test("It holds so many, lets go of what was not used for longest, and counts that")
    func evictions() {
        var options = VectorCache.Options()
        options.entriesMax = 20
        let cache = VectorCache(options)
        for number in 0..<20 { cache.keep([1], of: "\(number)", in: space, at: 0) }
        #expect(cache.vector(of: "0", in: space, at: 1) == [1])
        cache.keep([1], of: "new", in: space, at: 1)
        #expect(cache.counts.entries == 18)
        #expect(cache.counts.evictions == 3)
        #expect(cache.vector(of: "0", in: space, at: 1) != nil)
        #expect(cache.vector(of: "1", in: space, at: 1) == nil)
        #expect(cache.counts.hits == 2 && cache.counts.misses == 1)
    }

    @Test("A pattern lets go of one model or one version, and of nothing else")
    func forget() {
        let cache = VectorCache()
        let other = EmbeddingSpace(model: "ollama:n", digest: "e", dimension: 1)
        for space in [space, other] { cache.keep([1], of: "a", in: space, at: 0) }
        #expect(cache.forget(matching: NamePattern("ollama:m@*")) == 1)
        #expect(cache.vector(of: "a", in: space, at: 0) == nil)
        #expect(cache.vector(of: "a", in: other, at: 0) == [1])
        #expect(cache.forget(matching: NamePattern("ollama:n")) == 1)
    }
}
