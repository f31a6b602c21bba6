import Domain
import Foundation
import Synchronization
import Testing
import Tracing

@testable import Telemetry

/// Numbers that look random and are the same each time.
func countingRandom() -> @Sendable () -> UInt64 {
    let state = Mutex<UInt64>(1)
    return {
        state.withLock { state in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state
        }
    }
}

@Suite struct TraceRecorderTests {
    private let queue = SpanQueue()
    private func recorder(_ ratio: Double = 1) -> TraceRecorder {
        TraceRecorder(queue: queue, ratio: ratio, random: countingRandom())
    }

    @Test("What is done below a span has it as its parent, in the same trace, and in child tasks, too")
    func parents() async throws {
        let recorder = recorder()
        let outer = recorder.start("outer", .server, in: .topLevel, at: 5)
        await outer.work.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { WorkContext.current?.call("lastfm", method: "GET", host: "a", port: 1)?.end() }
            }
        }
        outer.end()
        #expect(WorkContext.current == nil)
        let spans = queue.take(upTo: 10)
        #expect(spans.map(\.name) == ["GET", "outer"])
        #expect(spans[0].parent == outer.place.span && spans[0].place.isSameTrace(as: outer.place))
        #expect(spans[1].parent == nil && spans[1].end >= spans[1].start)
    }

    @Test("A trace from elsewhere is recorded when it says so, whatever the ratio; one that begins here, by the ratio")
    func sampling() throws {
        let (sampled, unsampled) = try (
            #require(TraceParent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")),
            #require(TraceParent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"))
        )
        #expect(recorder(0).place(below: sampled).isSampled && !recorder(1).place(below: unsampled).isSampled)
        for (ratio, range) in [(0.0, 0...0), (0.25, 2300...2700), (1.0, 10_000...10_000)] {
            let recorder = recorder(ratio)
            #expect(range.contains((0..<10_000).count { _ in recorder.place(below: nil).isSampled }))
        }
    }

    @Test("What is not sampled records nothing and hands its place on")
    func unsampled() {
        let span = recorder(0).start("x", .internal, in: .topLevel, at: 1)
        span.set("a", "b")
        span.fail("broken", nil)
        #expect(!span.isRecording && span.work.call("x", method: "GET", host: "h", port: 1) == nil)
        #expect(span.work.trace?.isSameTrace(as: span.place) == true)
        span.end()
        #expect(queue.take(upTo: 1).isEmpty)
    }

    @Test("A span ends once, and never before it began")
    func ends() throws {
        let span = recorder().start("x", .internal, in: .topLevel, at: .max)
        span.end()
        span.end()
        span.set("late", "x")
        let spans = queue.take(upTo: 5)
        #expect(spans.count == 1 && spans[0].end == .max && spans[0].attributes.isEmpty)
    }

    @Test("Events and links of one span are limited")
    func limits() throws {
        let span = recorder().start("x", .internal, in: .topLevel, at: 1)
        for _ in 0..<100 {
            span.addEvent("e")
            span.addLink(SpanLink(context: span.context, attributes: [:]))
            span.recordError(CancellationError(), attributes: [:])
        }
        span.end()
        let record = try #require(queue.take(upTo: 1).first)
        #expect(record.events.count == SpanRecord.eventsMax && record.links.count == SpanRecord.linksMax)
        #expect(record.status?.code == .error)
    }

    private struct Carrier: Extractor, Injector {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
    }

    @Test("As a tracer of the system it reads and writes traceparent, and ignores what is none")
    func carrier() {
        let recorder = recorder()
        var context = ServiceContext.topLevel
        recorder.extract(["traceparent": "00-zz"], into: &context, using: Carrier())
        #expect(context[WorkContext.Key.self] == nil)
        let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        recorder.extract(["traceparent": text], into: &context, using: Carrier())
        var headers: [String: String] = [:]
        recorder.inject(context, into: &headers, using: Carrier())
        #expect(headers == ["traceparent": text])
        let span = recorder.startSpan("library", context: context, ofKind: .client)
        #expect(span.place.traceID == "0af7651916cd43dd8448eb211c80319c" && span.isRecording)
    }

    @Test("What a media host did is told with its length, reason and memory")
    func mediaHost() throws {
        let work = WorkContext(trace: recorder().place(below: nil), recorder: recorder())
        work.mediaHost("tags", microseconds: 250, processID: 7, peakBytes: 4096, failure: nil)
        work.mediaHost(
            "analyze", microseconds: -3, processID: nil, peakBytes: nil,
            failure: Failure(.parserCrash, "it ended with SIGSEGV"))
        let spans = queue.take(upTo: 2)
        #expect(spans[0].end - spans[0].start == 250_000 && spans[0].parent == work.trace?.span)
        #expect(spans[1].end == spans[1].start && spans[1].status?.code == .error)
        #expect(spans[1].attributes.get("error.type")?.toSpanAttribute() == .string("parser_crash"))
    }
}
