import HTTPTypes

/// All routes of the API.
struct RouteTable: Sendable {
    enum Match: Sendable {
        case route(Route, variables: [String: String])
        case methodNotAllowed(allowed: [HTTPRequest.Method])
        case notFound
    }

    let routes: [Route]
    /// The routes of each path; a path with more fixed parts comes first, as OpenAPI has it.
    private let paths: [Int: [(pattern: PathPattern, routes: [Route])]]

    init(_ routes: [Route]) {
        self.routes = routes
        let byPattern = Dictionary(grouping: routes, by: \.pattern).map { (pattern: $0.key, routes: $0.value) }
        paths = Dictionary(grouping: byPattern, by: \.pattern.parts.count).mapValues { paths in
            paths.sorted { $0.pattern.fixedCount > $1.pattern.fixedCount }
        }
        let operations = routes.map { "\($0.method) \($0.pattern)" }
        precondition(Set(operations).count == operations.count, "two routes have the same method and path")
        precondition(Set(routes.map(\.name)).count == routes.count, "two routes have the same name")
    }

    /// HEAD is answered wherever GET is.
    func match(_ method: HTTPRequest.Method, path: String) -> Match {
        guard path.hasPrefix("/") else { return .notFound }
        let parts = PathPattern.split(path)
        for (pattern, routes) in paths[parts.count] ?? [] {
            guard let variables = pattern.match(parts) else { continue }
            if let route = routes.first(where: { $0.answers(method) }) { return .route(route, variables: variables) }
            return .methodNotAllowed(allowed: routes.flatMap { $0.method == .get ? [.get, .head] : [$0.method] })
        }
        return .notFound
    }
}

extension Route {
    fileprivate func answers(_ method: HTTPRequest.Method) -> Bool {
        self.method == method || (method == .head && self.method == .get)
    }
}
