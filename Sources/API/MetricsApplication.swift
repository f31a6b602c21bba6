import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Telemetry

extension Response {
    static func metrics(_ page: MetricsPage, accept: String?) async -> Response {
        let format = MetricsFormat(accept: accept)
        return Response(
            status: .ok, headers: [.contentType: format.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: await page.text(format))))
    }
}

/// A listener of its own for `/metrics`, without a token: for workers, which have no API, and for networks where whoever
/// reaches the port may read numbers.
package func makeMetricsApplication(
    page: MetricsPage, host: String, port: Int, logger: Logger,
    onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
) -> Application<MetricsResponder> {
    Application(
        responder: MetricsResponder(page: page, hostGuard: HostGuard(boundTo: host, allowedHosts: [])),
        server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: MetricsResponder.idleTimeout)),
        configuration: ApplicationConfiguration(
            address: .hostname(host, port: port),
            availableConnectionsDelegate: MaximumAvailableConnections(
                MetricsResponder.maxConnections, logger: logger)),
        onServerRunning: onServerRunning, logger: logger)
}

/// Answers `/metrics` and nothing else.
package struct MetricsResponder: HTTPResponder {
    package typealias Context = APIContext

    static let maxConnections = 16
    static let idleTimeout = TimeAmount.seconds(60)

    let page: MetricsPage
    let hostGuard: HostGuard

    package func respond(to request: Request, context: APIContext) async -> Response {
        var response = await answer(request)
        SecurityHeaders.add(to: &response)
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request) async -> Response {
        guard hostGuard.allows(request.head.authority) else { return Response(status: .misdirectedRequest) }
        let path = (request.head.path ?? "/").prefix { $0 != "?" }
        guard path == "/metrics" else { return Response(status: .notFound) }
        guard request.method == .get || request.method == .head else {
            return Response(status: .methodNotAllowed, headers: [.allow: "GET, HEAD"])
        }
        return await .metrics(page, accept: request.headers[.accept])
    }
}
