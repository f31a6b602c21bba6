import AsyncHTTPClient
import Domain
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Telemetry
import Tracing
import UseCases

/// Turns traces on, where the settings ask for them.
struct TraceSetup: Sendable {
    let recorder: TraceRecorder
    let service: TraceService

    /// Nil where no traces are made.
    ///
    /// - Parameter part: what this process is: `server` or `worker`.
    init?(_ settings: Settings, part: String, logger: Logger) {
        guard let traces = settings.traces else { return nil }
        let queue = SpanQueue()
        recorder = TraceRecorder(queue: queue, ratio: traces.ratio, random: { .random(in: .min ... .max) })
        let receiver = TraceReceiver(traces)
        let json = SpanJSON(
            resource: Self.resource(part), version: Build.version, secrets: SecretText(settings.secrets))
        service = TraceService(
            exporter: SpanExporter(queue: queue, json: json, logger: logger) { try await receiver.send($0) })
    }

    /// What all spans of this process have in common.
    private static func resource(_ part: String) -> [(String, SpanAttribute)] {
        [
            ("service.name", .string("sillon")), ("service.version", .string(Build.version)),
            ("service.instance.id", .string(UUID().uuidString.lowercased())), ("sillon.part", .string(part)),
            ("host.name", .string(ProcessInfo.processInfo.hostName)),
            ("process.pid", .int64(Int64(ProcessInfo.processInfo.processIdentifier))),
            ("telemetry.sdk.language", .string("swift")), ("telemetry.sdk.name", .string("sillon")),
            ("telemetry.sdk.version", .string(Build.version)),
        ]
    }
}

/// Sends spans as long as everything else runs, and the rest at the end.
struct TraceService: Service {
    let exporter: SpanExporter

    func run() async throws {
        await cancelWhenGracefulShutdown { await exporter.run() }
        await exporter.finish()
    }
}

/// Whoever takes traces, over OTLP/HTTP.
private struct TraceReceiver: Sendable {
    private let url: String
    private let headers: [(name: String, value: Secret)]

    private static let timeout = TimeAmount.seconds(10)
    private static let answerBytesMax = 64 << 10

    /// One for the process, as long as it lives.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(5)
        // A header with a key must not follow a redirect to somebody else.
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    init(_ settings: TraceSettings) {
        url = settings.url
        headers = settings.headers
    }

    func send(_ body: String) async throws -> ExportReply {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "user-agent", value: "sillon/\(Build.version)")
        for header in headers { request.headers.replaceOrAdd(name: header.name, value: header.value.value) }
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await Self.http.execute(request, timeout: Self.timeout)
        let answer = try await response.body.collect(upTo: Self.answerBytesMax)
        return ExportReply(
            status: Int(response.status.code),
            retryAfter: response.headers.first(name: "retry-after"), body: Array(buffer: answer))
    }
}
