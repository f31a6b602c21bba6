import Contracts
import Domain
import Synchronization
import Telemetry
import Testing
import UseCases

@testable import Persistence

/// How a trace goes through the queue.
@Suite struct QueueTraceTests {
    private let spans = SpanQueue()

    private func bench(_ engine: Engine, ratio: Double? = 1) async throws -> QueueBench {
        let random = SeededRandom(seed: 7)
        let recorder = ratio.map { TraceRecorder(queue: spans, ratio: $0, random: { random.next() }) }
        let bench = try await QueueBench(engine.open(), mintsChains: true, recorder: recorder)
        try await bench.register()
        return bench
    }

    private static let caller = TraceParent(traceHigh: 1, traceLow: 2, span: 3, isSampled: true)

    private func told() -> [SpanRecord] { spans.take(upTo: .max) }

    @Test(
        "A task that a request asks for continues its trace; one that nobody asks for begins one",
        arguments: Engine.available)
    func request(_ engine: Engine) async throws {
        let bench = try await bench(engine)
        try await WorkContext(trace: Self.caller).run { _ = try await bench.submitNoop() }
        try await bench.submitNoop()
        let leased = try await bench.lease()
        let (first, second) = (try #require(leased[0].trace), try #require(leased[1].trace))
        #expect(first.isSameTrace(as: Self.caller) && !second.isSameTrace(as: Self.caller))
        let told = told()
        #expect(told.map(\.place) == [first, second])
        #expect(told.map(\.parent) == [Self.caller.span, nil])
        #expect(told.map(\.name) == ["submit noop", "submit noop"])
        #expect(try await bench.tasks.task(id: leased[0].lease.taskID).task.traceID == first.traceID)
        try await bench.complete(leased)
        #expect(
            try await bench.tasks.task(id: leased[0].lease.taskID).task.traceID == first.traceID, "in the history, too")
    }

    @Test(
        "Each file of a walk begins a trace that refers to the walk's; its chain stays in it",
        arguments: Engine.available)
    func walk(_ engine: Engine) async throws {
        let bench = try await bench(engine)
        try await WorkContext(trace: Self.caller).run { _ = try await bench.startScan() }
        let walk = try await bench.lease()
        _ = try await bench.broker.beginWalk(lease: walk[0].lease)
        _ = try await bench.broker.report([QueueBench.listing(["a", "b"])], lease: walk[0].lease)
        let files = try await bench.lease()
        let traces = try files.map { try #require($0.trace) }
        #expect(files.count == 2 && !traces[0].isSameTrace(as: traces[1]))
        for trace in traces { #expect(!trace.isSameTrace(as: Self.caller)) }
        let submits = told().suffix(2)
        #expect(submits.allSatisfy { $0.parent == nil && $0.links.first?.isSameTrace(as: Self.caller) == true })

        // The first run says which span it was; the other one says something hostile.
        let run = TraceParent(traceHigh: traces[0].traceHigh, traceLow: traces[0].traceLow, span: 99, isSampled: true)
        let settlements = zip(files, [run, Self.caller]).map { file, trace in
            Settlement(lease: file.lease, result: .completed(QueueBench.outcome(of: .indexFile)), run: 1, trace: trace)
        }
        #expect(try await bench.broker.settle(settlements, worker: 1) == [.accepted, .accepted])
        let next = try await bench.lease()
        #expect(next.map(\.kind) == [.analyzeAudio, .analyzeAudio])
        for (trace, task) in zip(traces, next) { #expect(task.trace?.isSameTrace(as: trace) == true) }
        #expect(told().map(\.parent) == [99, traces[1].span])
    }

    @Test("A retry and a dead letter that is put back stay in their trace", arguments: Engine.available)
    func attempts(_ engine: Engine) async throws {
        let bench = try await bench(engine)
        let id = try await bench.submitIndex("a")
        let first = try await bench.lease()
        let trace = try #require(first[0].trace)
        _ = try await bench.settle(first, .failed(Failure(.ioError, "slow")))
        bench.time.advance(seconds: 1000)
        let second = try await bench.lease()
        #expect(second.map(\.trace) == [trace])
        _ = try await bench.settle(second, .failed(Failure(.corruptFile, "no audio")))
        #expect(try await bench.tasks.task(id: id).task.traceID == trace.traceID)
        _ = try await bench.tasks.retry(id: id, actor: "test")
        #expect(try await bench.lease().map(\.trace) == [trace])
    }

    @Test(
        "What is not sampled is not written, and nothing begins a trace of its own below it",
        arguments: Engine.available)
    func unsampled(_ engine: Engine) async throws {
        for ratio in [0.0, nil] {
            let bench = try await bench(engine, ratio: ratio)
            let unsampled = TraceParent(traceHigh: 1, traceLow: 2, span: 3, isSampled: false)
            try await WorkContext(trace: unsampled).run { _ = try await bench.submitIndex("a") }
            try await bench.submitIndex("b")
            try await bench.complete(try await bench.lease())
            let next = try await bench.lease()
            #expect(next.count == 2 && next.allSatisfy { $0.trace == nil })
            #expect(try await bench.number("SELECT count(*) FROM task WHERE trace IS NOT NULL") == 0)
            #expect(told().isEmpty)
        }
    }

    @Test("A process that records nothing hands the trace on", arguments: Engine.available)
    func handedOn(_ engine: Engine) async throws {
        let bench = try await bench(engine, ratio: nil)
        _ = try await bench.submitIndex("a")
        let text = Self.caller.text
        try await bench.execute("UPDATE task SET trace = \(text)")
        try await bench.complete(try await bench.lease())
        #expect(try await bench.lease().map(\.trace) == [Self.caller])
        try await bench.execute("UPDATE task SET trace = 'not a trace'")
        #expect(try await bench.tasks.task(id: 2).task.traceID == nil)
    }
}
