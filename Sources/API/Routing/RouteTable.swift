import HTTPTypes

/// All routes of the API.
struct RouteTable: Sendable {
    enum Match: Sendable {
        case route(Route, variables: [String: String])
        case methodNotAllowed(allowed: [HTTPRequest.Method])
        case notFound
    }

    let routes: [Route]
    private let byPartCount: [Int: [Route]]

    init(_ routes: [Route]) {
        self.routes = routes
        byPartCount = Dictionary(grouping: routes, by: \.pattern.parts.count)
        let operations = routes.map { "\($0.method) \($0.pattern)" }
        precondition(Set(operations).count == operations.count, "two routes have the same method and path")
        precondition(Set(routes.map(\.name)).count == routes.count, "two routes have the same name")
    }

    /// HEAD is answered wherever GET is.
    func match(_ method: HTTPRequest.Method, path: String) -> Match {
        guard path.hasPrefix("/") else { return .notFound }
        let parts = PathPattern.split(path)
        var allowed: [HTTPRequest.Method] = []
        for route in byPartCount[parts.count] ?? [] {
            guard let variables = route.pattern.match(parts) else { continue }
            if route.method == method || (method == .head && route.method == .get) {
                return .route(route, variables: variables)
            }
            allowed.append(route.method)
            if route.method == .get { allowed.append(.head) }
        }
        return allowed.isEmpty ? .notFound : .methodNotAllowed(allowed: allowed)
    }
}
