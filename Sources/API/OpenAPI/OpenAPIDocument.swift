import Contracts
import HTTPTypes

/// The OpenAPI 3.1 document of a route table.
enum OpenAPIDocument {
    static func json(_ routes: [Route], version: String) -> JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Sillon", "version": .string(version),
                "description": "Indexes a music library, listens to every file, and answers what sounds like what.",
            ],
            "servers": [["url": "/"]],
            "paths": paths(routes),
            "components": [
                "schemas": .object(schemas(routes)),
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer"],
                    "session": [
                        "type": "apiKey", "in": "cookie", "name": .string(BrowserSession.cookie),
                        "description": "Of a browser that signed in. Whatever is not read takes X-CSRF-Token, too.",
                    ],
                ],
            ],
        ]
    }

    private static func paths(_ routes: [Route]) -> JSONValue {
        var paths: [String: JSONValue] = [:]
        for (path, routes) in Dictionary(grouping: routes, by: \.pattern.description) {
            let operations = routes.map { ($0.method.rawValue.lowercased(), operation($0)) }
            paths[path] = .object(Dictionary(uniqueKeysWithValues: operations))
        }
        return .object(paths)
    }

    private static func operation(_ route: Route) -> JSONValue {
        var operation: [String: JSONValue] = [
            "operationId": .string(route.name), "summary": .string(route.summary),
            "tags": [.string(tag(of: route))], "responses": responses(route),
            "security": route.access == .open ? [] : [["token": []], ["session": []]],
        ]
        if !route.parameters.isEmpty { operation["parameters"] = .array(route.parameters.map(\.document)) }
        if let body = route.body {
            operation["requestBody"] = [
                "required": true, "content": .object([body.encoding.rawValue: ["schema": body.schema.json]]),
            ]
        }
        return .object(operation)
    }

    private static func responses(_ route: Route) -> JSONValue {
        var responses: [String: JSONValue] = [:]
        for problem in problems(of: route) { responses[String(problem.code)] = document(problem, isPage: route.isPage) }
        for answer in route.answers {
            responses[String(answer.status.code)] = .object(document(answer, over: responses))
        }
        return .object(responses)
    }

    private static func document(_ problem: HTTPResponse.Status, isPage: Bool) -> JSONValue {
        var document: [String: JSONValue] = [
            "description": .string(problem.reasonPhrase),
            "content": isPage
                ? ["text/html": ["schema": ["type": "string"]]]
                : ["application/problem+json": ["schema": Problem.shape.schema.json]],
        ]
        if problem == .tooManyRequests || problem == .serviceUnavailable {
            document["headers"] = [
                "Retry-After": ["description": "Seconds to wait.", "schema": ["type": "integer"]]
            ]
        }
        if problem == .unauthorized {
            document["headers"] = ["WWW-Authenticate": ["schema": ["type": "string"]]]
        }
        return .object(document)
    }

    /// An answer may have the status of a problem (a server that is not ready): then both are described.
    private static func document(
        _ answer: Route.Answer, over others: [String: JSONValue]
    ) -> [String: JSONValue] {
        var content = answer.content.mapValues { JSONValue.object(["schema": $0.json]) }
        if case .object(let other) = others[String(answer.status.code)]?["content"] {
            content.merge(other, uniquingKeysWith: { first, _ in first })
        }
        var document: [String: JSONValue] = ["description": .string(answer.description)]
        if !content.isEmpty { document["content"] = .object(content) }
        if answer.hasLocation {
            document["headers"] = [
                "Location": ["description": "Where the new resource is.", "schema": ["type": "string"]]
            ]
        }
        return document
    }

    /// Every problem that a route can answer with.
    static func problems(of route: Route) -> [HTTPResponse.Status] {
        var statuses = route.problems + [.badRequest, .uriTooLong, .misdirectedRequest, .internalServerError]
        if route.access != .open {
            // Who is not signed in is led from a page to the form.
            statuses += [route.isPage ? .seeOther : .unauthorized, .forbidden, .tooManyRequests, .serviceUnavailable]
        }
        if route.body != nil { statuses += [.contentTooLarge, .unsupportedMediaType, .unprocessableContent] }
        if route.pattern.hasVariables { statuses.append(.notFound) }
        return statuses
    }

    private static func schemas(_ routes: [Route]) -> [String: JSONValue] {
        let all = routes.flatMap {
            $0.answers.flatMap { Array($0.content.values) } + [$0.body?.schema].compactMap { $0 }
        }
        return all.reduce(into: Problem.shape.schema.definitions) { schemas, schema in
            schemas.merge(schema.definitions, uniquingKeysWith: { first, _ in first })
        }
    }

    /// The first noun of the path.
    private static func tag(of route: Route) -> String {
        let nouns = route.pattern.description.split(separator: "/")
        return nouns.count > 1 && nouns[0] == "v1" ? String(nouns[1]) : "system"
    }
}
