import Domain
import Integrations
import Logging
import Synchronization
import TestSupport
import UseCases

/// A stand-in for a service, a model that asks it, and time in the test's hand: whoever sleeps moves it on.
struct ModelBench: Sendable {
    let service: OllamaStandIn
    let model: ServiceTextModel
    let time: HandTime
    let log: LogLines

    init(
        _ name: String = "nomic-embed-text", openAI: Bool = false, key: Credential? = nil, tries: Int = 1,
        digestSeconds: Double = 0, textsMax: Int = 32, answerBytesMax: Int = 64 << 20, limit: Duration = .seconds(20),
        gathering: Duration = .milliseconds(5),
        cache: VectorCache.Options = VectorCache.Options(), shared: SharedVectorCache? = nil,
        service: OllamaStandIn? = nil
    ) async throws {
        let standIn: OllamaStandIn
        if let service { standIn = service } else { standIn = try await OllamaStandIn() }
        self.service = standIn
        let (time, log) = (HandTime(), LogLines())
        (self.time, self.log) = (time, log)
        var caller = HTTPCaller.Options()
        caller.tries = tries
        caller.answerBytesMax = answerBytesMax
        caller.policy.breaker = CircuitBreaker.Policy(failuresToOpen: 3, firstPauseSeconds: 10, longestPauseSeconds: 40)
        var options = ServiceTextModel.Options()
        (options.digestSeconds, options.textsMax, options.limit) = (digestSeconds, textsMax, limit)
        options.gathering = gathering
        let address = try ServiceAddress(standIn.url)
        model =
            openAI
            ? .openAI(
                name, at: address, key: key, options: options, caller: caller, cache: VectorCache(cache),
                shared: shared,
                clock: time.clock, logger: log.logger)
            : .ollama(
                name, at: address, options: options, caller: caller, cache: VectorCache(cache), shared: shared,
                clock: time.clock,
                logger: log.logger)
    }

    func embed(_ text: String, as use: TextUse = .document, within limit: Duration? = nil) async throws
        -> TextEmbedding
    {
        try await model.embed(text, as: use, within: limit)
    }

    /// Why it cannot be embedded; nil when it can.
    func failure(_ text: String = "words", within limit: Duration? = nil) async -> Failure? {
        do {
            _ = try await embed(text, within: limit)
            return nil
        } catch {
            return error as? Failure ?? Failure(.internalError, "\(error)")
        }
    }
}

final class HandTime: Sendable {
    private struct State {
        var now = 1000.0
        var slept: [Double] = []
    }

    private let state = Mutex(State())

    var slept: [Double] { state.withLock { $0.slept } }

    func advance(_ seconds: Double) { state.withLock { $0.now += seconds } }

    var clock: ServiceClock {
        ServiceClock(
            now: { self.state.withLock { $0.now } },
            sleep: { seconds in
                self.state.withLock { state in
                    state.now += seconds
                    state.slept.append(seconds)
                }
            }, unit: { 0.5 })
    }
}

/// What was logged.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        init(lines: LogLines) { self.lines = lines }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let data = event.metadata.map { "\($0)" } ?? ""
            lines.lines.withLock { $0.append("\(event.message) \(data)") }
        }
    }
}
