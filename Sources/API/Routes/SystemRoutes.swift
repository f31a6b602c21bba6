import Contracts
import HTTPTypes
import Hummingbird
import Telemetry
import UseCases

/// What tells about the server: health, numbers, the document. Only numbers need a token.
struct SystemRoutes: Sendable {
    let services: APIServices
    let deadline: Deadline
    let readyLimit: Duration

    var routes: [Route] {
        [alive, ready] + (services.metrics.map { [Self.metrics($0).untold()] } ?? [])
    }

    private var alive: Route {
        .json(
            .get, "/healthz", "alive", "Tell that the server runs", access: .open, answer: .alive, "It does."
        ) { _ in Health(status: "alive", version: services.version, checks: []) }
    }

    private var ready: Route {
        let json = ["application/json": Shape<Health>.readiness.schema]
        return Route(
            .get, "/readyz", "ready", "Tell whether requests can be answered", access: .open,
            answers: [
                .init(status: .ok, description: "Everything is well.", content: json),
                .init(status: .serviceUnavailable, description: "Something is not well.", content: json),
            ]
        ) { _ in
            let health = await readiness()
            return .json(Shape<Health>.readiness.json(health), status: health.isReady ? .ok : .serviceUnavailable)
        }
    }

    /// The token of a user, an admin or a worker.
    private static func metrics(_ page: MetricsPage) -> Route {
        let text: [String: Schema] = ["text/plain": Schema(["type": "string"])]
        return Route(
            .get, "/metrics", "metrics", "Tell numbers for Prometheus", access: .anyToken,
            answers: [
                .init(
                    status: .ok, description: "Text exposition 0.0.4, or OpenMetrics 1.0 for who asks for it.",
                    content: text.merging(["application/openmetrics-text": Schema(["type": "string"])]) { $1 })
            ]
        ) { request in
            await .metrics(page, accept: request.headers[.accept])
        }
    }

    /// The route of the document, which describes itself as well.
    static func document(_ content: @escaping @Sendable () -> [UInt8]) -> Route {
        Route(
            .get, "/openapi.json", "openapi", "Describe this API", access: .open,
            answers: [
                .init(
                    status: .ok, description: "An OpenAPI 3.1 document.",
                    content: ["application/json": Schema(["type": "object"])])
            ]
        ) { _ in .json(content()) }
    }

    private func found() async -> [String: String?] {
        do {
            return try await deadline.run(within: readyLimit, services.readiness)
        } catch {
            return ["database": "it does not answer in time"]
        }
    }

    private func readiness() async -> Health {
        let checks = await found().sorted { $0.key < $1.key }.map { name, reason in
            Health.Check(name: name, isOK: reason == nil, reason: reason)
        }
        let isReady = checks.allSatisfy(\.isOK)
        return Health(status: isReady ? "ready" : "not_ready", version: services.version, checks: checks)
    }
}
