import Domain
import Logging
import Synchronization
import Telemetry
import UseCases

/// A text-embedding model behind a service outside: batches, checks what comes back, and knows in which space it lies.
package final class ServiceTextModel: TextEmbeddingModel {
    package struct Options: Sendable {
        /// Texts in one request.
        package var textsMax = 32
        /// A model that has to be loaded first may take minutes on a small machine.
        package var limit: Duration = .seconds(300)
        /// The digest is asked for again when the last answer is older.
        package var digestSeconds: Double = 5
        /// Texts that come within this time go together.
        package var gathering: Duration = .milliseconds(5)

        package init() {}
    }

    private struct State {
        var digest: (value: String, at: Double)?
        /// Where its vectors lie now; nil until the first one, and when the digest is another.
        var space: EmbeddingSpace?
        /// Where its last vector lies.
        var lastSpace: EmbeddingSpace?
        /// Of the last request for vectors, and of the last one for the digest.
        var workProblem: Failure?
        var lookProblem: Failure?

        var health: ModelHealth {
            guard let problem = workProblem ?? lookProblem else {
                return ModelHealth(state: lastSpace == nil ? .unknown : .ready, space: lastSpace)
            }
            return ModelHealth(
                state: problem.isTransient ? .away : .refused, detail: problem.message, space: lastSpace)
        }
    }

    package let name: String
    private let service: any EmbeddingService
    private let vectors: VectorCache
    private let shared: SharedVectorCache?
    private let options: Options
    private let clock: ServiceClock
    private let logger: Logger
    private let state = Mutex(State())
    private let batcher: Mutex<TextBatcher?> = Mutex(nil)

    /// A vector shorter than this has no direction.
    private static let shortestLength: Float = 1e-6

    init(
        name: String, service: any EmbeddingService, cache: VectorCache, shared: SharedVectorCache?,
        options: Options, clock: ServiceClock, logger: Logger
    ) {
        self.name = name
        self.service = service
        vectors = cache
        self.shared = shared
        self.options = options
        self.clock = clock
        self.logger = logger
    }

    package var pauseSeconds: Double { service.caller.pauseSeconds }
    package var health: ModelHealth { state.withLock { $0.health } }
    package var cache: CacheCounts { vectors.counts }

    package var sharedCache: CacheCounts? { shared?.counts }

    package func forget(matching pattern: NamePattern) async -> Int {
        vectors.forget(matching: pattern) + (await shared?.forget(matching: pattern) ?? 0)
    }

    package func embed(_ text: String, as use: TextUse, within limit: Duration?) async throws -> TextEmbedding {
        let prompt = PromptStyle.prompt(text, as: use, for: service.modelName)
        if let known = cached(prompt) { return known }
        if let known = try await fromShared(prompt) { return known }
        guard let limit else { return try await gathered.embed(prompt) }
        // Somebody waits for this one: it is not held up by a batch.
        return try await embed([prompt], within: limit)[0]
    }

    package func digest() async throws -> String { try await look(olderThan: 0) }

    /// Keeps what became of it, apart from what became of the work.
    private func look(olderThan seconds: Double) async throws -> String {
        do {
            let digest = try await freshDigest(olderThan: seconds)
            state.withLock { state in
                state.lookProblem = nil
                // Somebody has got the model meanwhile.
                if state.workProblem?.reason == .modelMissing { state.workProblem = nil }
            }
            return digest
        } catch let failure as Failure {
            state.withLock { $0.lookProblem = failure }
            throw failure
        }
    }

    private var gathered: TextBatcher {
        batcher.withLock { batcher in
            if let batcher { return batcher }
            let new = TextBatcher(textsMax: options.textsMax, gathering: options.gathering) { [unowned self] texts in
                try await self.embed(texts, within: self.options.limit)
            }
            batcher = new
            return new
        }
    }

    /// While the service is away, what is known of its last space still counts.
    private func cached(_ prompt: String) -> TextEmbedding? {
        guard let space = state.withLock({ $0.space }) else { return nil }
        let found = vectors.vector(of: prompt, in: space, at: clock.now())
        return found.map { TextEmbedding(space: space, vector: $0) }
    }

    /// Another process may have asked.
    private func fromShared(_ prompt: String) async throws -> TextEmbedding? {
        guard let shared else { return nil }
        let digest = try await look(olderThan: options.digestSeconds)
        guard let vector = await shared.vector(of: prompt, model: name, digest: digest) else { return nil }
        let space = EmbeddingSpace(model: name, digest: digest, dimension: vector.count)
        enter(space)
        vectors.keep(vector, of: prompt, in: space, at: clock.now())
        return TextEmbedding(space: space, vector: vector)
    }

    private func embed(_ prompts: [String], within limit: Duration) async throws -> [TextEmbedding] {
        try await tracked {
            let (raw, digest) = try await settled(prompts, within: limit)
            let space = EmbeddingSpace(model: name, digest: digest, dimension: try commonDimension(raw))
            enter(space)
            var embeddings: [TextEmbedding] = []
            for (prompt, raw) in zip(prompts, raw) {
                let vector = try normalised(raw)
                vectors.keep(vector, of: prompt, in: space, at: clock.now())
                await shared?.keep(vector, of: prompt, in: space)
                embeddings.append(TextEmbedding(space: space, vector: vector))
            }
            return embeddings
        }
    }

    /// What came between two looks at the digest that agree is of that model, and of no other.
    private func settled(_ prompts: [String], within limit: Duration) async throws -> ([[Float]], digest: String) {
        var digest = try await freshDigest(olderThan: options.digestSeconds)
        for _ in 0..<Self.looksMax {
            let raw = try await service.embed(prompts, within: limit)
            let after = try await freshDigest(olderThan: 0)
            if after == digest { return (raw, digest) }
            digest = after
        }
        throw Failure(.serviceUnavailable, "\(name) keeps becoming another model while it answers")
    }

    private static let looksMax = 3

    private func freshDigest(olderThan seconds: Double) async throws -> String {
        let now = clock.now()
        if let known = state.withLock({ $0.digest }), now - known.at < seconds { return known.value }
        let digest = try await service.digest()
        state.withLock { state in
            state.digest = (digest, now)
            // What is cached belongs to the model of before.
            if let space = state.space, space.digest != digest { state.space = nil }
        }
        return digest
    }

    private func commonDimension(_ vectors: [[Float]]) throws(Failure) -> Int {
        let dimension = vectors.first?.count ?? 0
        guard (1...EmbeddingSpace.maxDimension).contains(dimension) else {
            throw Failure(
                .serviceRefused,
                "\(name) answered a vector of \(dimension) numbers; 1 to \(EmbeddingSpace.maxDimension) are allowed")
        }
        if let other = vectors.first(where: { $0.count != dimension }) {
            throw Failure(
                .serviceError, "\(name) answered vectors of \(dimension) and of \(other.count) numbers at once")
        }
        return dimension
    }

    private func normalised(_ vector: [Float]) throws(Failure) -> [Float] {
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length.isFinite, length > Self.shortestLength else {
            throw Failure(.serviceError, "\(name) answered a vector without direction")
        }
        return vector.map { $0 / length }
    }

    /// Says so when the model is not what it was.
    private func enter(_ space: EmbeddingSpace) {
        let before = state.withLock { state in
            defer { (state.space, state.lastSpace) = (space, space) }
            return state.lastSpace
        }
        guard let before, before != space else { return }
        logger.warning(
            "The model changed under its name: a new space of vectors begins",
            metadata: [LogKeys.model: "\(name)", LogKeys.before: "\(before.name)", LogKeys.now: "\(space.name)"])
    }

    /// Keeps what became of a request for those who ask how the model is.
    private func tracked<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do {
            let value = try await body()
            state.withLock { ($0.workProblem, $0.lookProblem) = (nil, nil) }
            return value
        } catch let failure as Failure {
            state.withLock { $0.workProblem = failure }
            throw failure
        }
    }
}

extension ServiceTextModel {
    package static func ollama(
        _ model: String, at address: ServiceAddress, options: Options = Options(),
        caller: HTTPCaller.Options = HTTPCaller.Options(), cache: VectorCache, shared: SharedVectorCache? = nil,
        clock: ServiceClock = .system, gate: (any ServiceGate)? = nil, logger: Logger
    ) -> ServiceTextModel {
        var caller = caller
        caller.name = "ollama:\(model)"
        let service = HTTPCaller(
            service: ServiceID.ollama.title, address: address, options: caller, clock: clock, gate: gate)
        return ServiceTextModel(
            name: "ollama:\(model)", service: OllamaService(caller: service, modelName: model), cache: cache,
            shared: shared, options: options, clock: clock, logger: logger)
    }

    package static func openAI(
        _ model: String, at address: ServiceAddress, key: Credential?, options: Options = Options(),
        caller: HTTPCaller.Options = HTTPCaller.Options(), cache: VectorCache, shared: SharedVectorCache? = nil,
        clock: ServiceClock = .system, gate: (any ServiceGate)? = nil, logger: Logger
    ) -> ServiceTextModel {
        var caller = caller
        caller.name = "openai:\(model)"
        let service = HTTPCaller(
            service: ServiceID.openai.title, address: address, credential: key, options: caller, clock: clock,
            gate: gate)
        return ServiceTextModel(
            name: "openai:\(model)", service: OpenAIService(caller: service, modelName: model), cache: cache,
            shared: shared, options: options, clock: clock, logger: logger)
    }
}
