import CoreMetrics
import Domain
import Foundation
import Logging
import Synchronization
import Testing
import Tracing

@testable import Telemetry

@Suite struct SpanExporterTests {
    /// Answers in this order, and 200 after the last one; keeps what came.
    private final class Receiver: Sendable {
        private let replies: Mutex<[ExportReply?]>
        private let bodies = Mutex<[String]>([])
        private let pauses = Mutex<[Duration]>([])

        init(_ replies: [ExportReply?]) { self.replies = Mutex(replies) }

        func send(_ body: String) throws -> ExportReply {
            bodies.withLock { $0.append(body) }
            let reply = replies.withLock { $0.isEmpty ? ExportReply(status: 200) : $0.removeFirst() }
            guard let reply else { throw CancellationError() }
            return reply
        }

        func pause(_ duration: Duration) async throws {
            pauses.withLock { $0.append(duration) }
            try Task.checkCancellation()
            await Task.yield()
        }

        /// Names of the spans in each body.
        var names: [[String]] {
            bodies.withLock { $0 }.map { body in body.matches(of: /"name":"(s[0-9]+)"/).map { String($0.1) } }
        }
        var waits: [Duration] { pauses.withLock { $0 } }
    }

    private let registry = MetricsRegistry()

    private func add(_ numbers: Range<Int>, to queue: SpanQueue) {
        for number in numbers {
            let place = TraceParent(traceHigh: 1, traceLow: 2, span: UInt64(number + 1), isSampled: true)
            queue.add(SpanRecord("s\(number)", .internal, place, parent: nil, start: 1, end: 2))
        }
    }

    /// Runs until so many bodies came, then stops; answers what was counted.
    private func run(
        _ receiver: Receiver, bodies: Int, spans: Int, _ change: (inout SpanExporter.Options) -> Void = { _ in }
    ) async throws -> [String: Int] {
        var options = SpanExporter.Options()
        options.batchMax = 2
        change(&options)
        await withMetricsFactory(registry) {
            let queue = SpanQueue(spansMax: 100)
            add(0..<spans, to: queue)
            let exporter = SpanExporter(
                queue: queue, json: SpanJSON(resource: [], version: "1"), options: options,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, sleep: receiver.pause, unit: { 0 },
                send: receiver.send)
            let running = Task { await exporter.run() }
            let end = ContinuousClock.now + .seconds(60)
            while receiver.names.count < bodies, ContinuousClock.now < end { await Task.yield() }
            running.cancel()
            await running.value
            await exporter.finish()
        }
        return await counts()
    }

    private func counts() async -> [String: Int] {
        let text = await MetricsPage(registry: registry, sources: []).text(.text)
        let pairs = text.matches(of: /sillon_trace_spans_total\{end="([a-z]+)"\} ([0-9]+)/)
        return Dictionary(uniqueKeysWithValues: pairs.map { (String($0.1), Int($0.2) ?? 0) }).filter { $0.value > 0 }
    }

    @Test("Spans go by the batch, in order, each once")
    func batches() async throws {
        let receiver = Receiver([])
        #expect(try await run(receiver, bodies: 3, spans: 5) == ["sent": 5])
        #expect(receiver.names == [["s0", "s1"], ["s2", "s3"], ["s4"]])
    }

    @Test(
        "What may pass is tried again with the same batch, after the time that was asked for",
        arguments: [429, 502, 503, 504])
    func triedAgain(status: Int) async throws {
        let receiver = Receiver([ExportReply(status: status, retryAfter: "7"), nil])
        #expect(try await run(receiver, bodies: 3, spans: 2) == ["sent": 2])
        #expect(receiver.names == Array(repeating: ["s0", "s1"], count: 3))
        #expect(receiver.waits.first == .seconds(7))
    }

    @Test(
        "No receiver silences traces for long, and a pause that makes no sense is none",
        arguments: [
            ("7200", 60), ("inf", 0.5), ("nan", 0.5), ("-5", 0.5), ("Wed, 21 Oct 2099 07:28:00 GMT", 0.5), ("", 0.5),
        ])
    func longPause(asked: String, seconds: Double) async throws {
        let receiver = Receiver([ExportReply(status: 503, retryAfter: asked)])
        #expect(try await run(receiver, bodies: 2, spans: 2) == ["sent": 2])
        #expect(receiver.waits.first == .seconds(seconds))
    }

    @Test("A receiver that hangs does not hold up the stop for longer than the farewell")
    func hanging() async throws {
        let receiver = Receiver([])
        let started = Mutex(false)
        let counted = try await withMetricsFactory(registry) {
            let queue = SpanQueue(spansMax: 100)
            add(0..<3, to: queue)
            var options = SpanExporter.Options()
            options.batchMax = 2
            options.farewell = .milliseconds(100)
            let exporter = SpanExporter(
                queue: queue, json: SpanJSON(resource: [], version: "1"), options: options,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ) { body in
                started.withLock { $0 = true }
                try await Task.sleep(for: .seconds(60))
                return try receiver.send(body)
            }
            let running = Task { await exporter.run() }
            while !started.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
            let stop = ContinuousClock.now
            running.cancel()
            await running.value
            await exporter.finish()
            #expect(ContinuousClock.now - stop < .seconds(30))
            return await counts()
        }
        #expect(counted == ["lost": 3])
    }

    @Test("What a receiver has to say to batches that it takes is told once")
    func remark() async throws {
        let reply = ExportReply(status: 200, body: Array(#"{"partialSuccess":{"errorMessage":"old version"}}"#.utf8))
        let receiver = Receiver([reply, reply, reply])
        let lines = Mutex<[String]>([])
        await withMetricsFactory(registry) {
            let queue = SpanQueue(spansMax: 100)
            add(0..<6, to: queue)
            var options = SpanExporter.Options()
            options.batchMax = 2
            let logger = Logger(label: "test") { label in
                LineLogHandler(label: label, level: .info, format: .text, now: { 0 }) { line in
                    lines.withLock { $0.append(line) }
                }
            }
            let exporter = SpanExporter(
                queue: queue, json: SpanJSON(resource: [], version: "1"), options: options, logger: logger,
                // The farewell lasts as long as it does: a pause that takes no time would end it at once.
                sleep: { try await Task.sleep(for: $0) }, send: receiver.send)
            await exporter.finish()
        }
        #expect(receiver.names.count == 3)
        let told = lines.withLock { $0 }
        #expect(told.count == 1 && told.first?.contains("old version") == true, "\(told)")
    }

    @Test("A refusal drops the batch, and the next one goes on", arguments: [400, 401, 404, 413, 500, 301])
    func refused(status: Int) async throws {
        let receiver = Receiver([ExportReply(status: status)])
        #expect(try await run(receiver, bodies: 2, spans: 3) == ["refused": 2, "sent": 1])
        #expect(receiver.names == [["s0", "s1"], ["s2"]])
    }

    @Test("A partial success counts what was refused", arguments: ["\"1\"", "1"])
    func partial(count: String) async throws {
        let body = Array("{\"partialSuccess\":{\"rejectedSpans\":\(count),\"errorMessage\":\"x\"}}".utf8)
        let receiver = Receiver([ExportReply(status: 200, body: body)])
        #expect(try await run(receiver, bodies: 1, spans: 2) == ["refused": 1, "sent": 1])
    }

    @Test("After so many tries a batch is lost and counted")
    func lost() async throws {
        let receiver = Receiver(Array(repeating: ExportReply(status: 503), count: 3))
        let counted = try await run(receiver, bodies: 4, spans: 3) {
            $0.retries = RetryPolicy(maxFailures: 3, baseSeconds: 1, capSeconds: 2)
        }
        #expect(counted == ["lost": 2, "sent": 1])
    }

    @Test("What does not fit into the queue is dropped and counted")
    func full() async throws {
        withMetricsFactory(registry) {
            let queue = SpanQueue(spansMax: 3)
            add(0..<5, to: queue)
            #expect(queue.take(upTo: 10).map(\.name) == ["s0", "s1", "s2"])
        }
        #expect(await counts() == ["dropped": 2])
    }

    @Test("No text of a span shows a key, also where it is cut")
    func secrets() {
        let place = TraceParent(traceHigh: 1, traceLow: 2, span: 3, isSampled: true)
        var span = SpanRecord("GET", .client, place, parent: nil, start: 1, end: 2)
        let text = "Incorrect API key provided: Bearer hunter2hunter2, of-the-settings"
        span.status = SpanStatus(code: .error, message: text)
        span.attributes["a"] = text
        span.attributes["b"] = String(repeating: "x", count: SpanRecord.textMax - 8) + " Bearer hunter2hunter2"
        span.events = [SpanEvent(name: "e", attributes: ["c": .string(text)])]
        let json = SpanJSON(resource: [("r", .string(text))], version: "1", secrets: SecretText(["of-the-settings"]))
        let body = json.request([span])
        #expect(!body.contains("hunter2") && !body.contains("of-the-settings"))
        #expect(body.contains("provided: Bearer [hidden], [hidden]"))
    }

    @Test("Hostile texts stay texts: one body is valid JSON whatever is in it, and long ones are cut")
    func json() throws {
        let place = TraceParent(traceHigh: 1, traceLow: 2, span: 3, isSampled: true)
        var span = SpanRecord("n", .consumer, place, parent: 9, start: 1, end: 2)
        let hostile = "a\"\\\n\u{0}\u{1B}[31m\u{2028}é"
        span.attributes["text"] = hostile
        span.attributes["long"] = String(repeating: "é", count: 100_000)
        span.attributes["number"] = Int64.min
        span.attributes["part"] = Double.nan
        span.attributes["flag"] = true
        span.status = SpanStatus(code: .error, message: hostile)
        let body = SpanJSON(resource: [("service.name", .string(hostile))], version: "1").request([span])
        #expect(!body.contains("\n") && body.utf8.count < 5000)
        let object = try JSONSerialization.jsonObject(with: Data(body.utf8))
        let text = String(describing: object)
        #expect(text.contains("-9223372036854775808") && text.contains("NaN"))
        #expect(body.contains("\"parentSpanId\":\"0000000000000009\""))
    }
}
