import API
import Contracts
import HTTPTypes
import NIOCore
import Testing

/// Holds answers against an OpenAPI document: the status is documented, the media type too, and the body fits.
struct Contract: Sendable {
    let document: JSONValue

    init(_ document: JSONValue) {
        self.document = document
    }

    func check(_ method: HTTPRequest.Method, _ target: String, _ answer: Answer) {
        checkHeaders(answer)
        guard let operation = operation(method, target) else {
            #expect([400, 401, 404, 405, 414, 421].contains(answer.status), "\(method) \(target)")
            return
        }
        let response = operation["responses"]?[String(answer.status)]
        #expect(response != nil, "\(method) \(target) answered \(answer.status), which is not documented")
        guard method != .head, answer.body.readableBytes > 0, let type = answer.headers[.contentType] else { return }
        let mediaType = String(type.prefix { $0 != ";" })
        let schema = response?["content"]?[mediaType]?["schema"]
        #expect(schema != nil, "\(method) \(target) answered \(mediaType), which is not documented")
        if mediaType.hasSuffix("json"), let schema {
            #expect(problems(of: answer.json, schema, at: "$") == [], "\(method) \(target): \(answer.text)")
        }
    }

    private func checkHeaders(_ answer: Answer) {
        #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        #expect(answer.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'") == true)
        let isPage = answer.headers[.contentType]?.hasPrefix("text/html") == true
        #expect(answer.headers[HTTPField.Name("Referrer-Policy")!] == (isPage ? "same-origin" : "no-referrer"))
        #expect(answer.headers[HTTPField.Name("X-Request-Id")!] != nil)
        #expect(answer.headers[.cacheControl] != nil)
        if answer.status >= 400, answer.status != 503, answer.body.readableBytes > 0, !isPage {
            #expect(answer.headers[.contentType] == "application/problem+json")
        }
    }

    private func operation(_ method: HTTPRequest.Method, _ target: String) -> JSONValue? {
        let path = target.replacing("http://localhost", with: "")
        let parts = path.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false)
        let verb = method == .head ? "get" : method.rawValue.lowercased()
        let paths = (document["paths"]?.keys ?? []).filter { path in
            let pattern = path.split(separator: "/", omittingEmptySubsequences: false)
            return pattern.count == parts.count
                && zip(pattern, parts).allSatisfy { $0.hasPrefix("{") ? !$1.isEmpty : $0 == $1 }
        }
        // A path without variables goes before one with.
        let best = paths.min { $0.contains("{") ? false : $1.contains("{") }
        return best.flatMap { document["paths"]?[$0]?[verb] }
    }

    /// The parts of JSON Schema that the document uses.
    func problems(of value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        if case .string(let reference) = schema["$ref"] {
            let name = String(reference.split(separator: "/").last ?? "")
            guard let target = document["components"]?["schemas"]?[name] else { return ["\(place): no \(reference)"] }
            return problems(of: value, target, at: place)
        }
        if case .array(let choices) = schema["anyOf"] {
            return choices.contains { problems(of: value, $0, at: place).isEmpty } ? [] : ["\(place): fits no choice"]
        }
        if case .array(let names) = schema["enum"], !names.contains(value) { return ["\(place): not in enum"] }
        guard fits(value, type: schema["type"]) else { return ["\(place): wrong type"] }
        return memberProblems(value, schema, place) + itemProblems(value, schema, place)
    }

    private func memberProblems(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        guard case .object(let members) = value, case .object(let properties) = schema["properties"] else { return [] }
        var problems: [String] = []
        if case .array(let required) = schema["required"] {
            for case .string(let name) in required where members[name] == nil {
                problems.append("\(place).\(name) is missing")
            }
        }
        for (name, member) in members {
            guard let property = properties[name] else {
                problems.append("\(place).\(name) is not documented")
                continue
            }
            problems += self.problems(of: member, property, at: "\(place).\(name)")
        }
        return problems
    }

    private func itemProblems(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        guard case .array(let items) = value, let schema = schema["items"] else { return [] }
        return items.enumerated().flatMap { problems(of: $1, schema, at: "\(place)[\($0)]") }
    }

    private func fits(_ value: JSONValue, type: JSONValue?) -> Bool {
        switch type {
        case nil: true
        case .array(let types): types.contains { fits(value, type: $0) }
        case "null": value == .null
        case "string": if case .string = value { true } else { false }
        case "integer": if case .integer = value { true } else { false }
        case "boolean": if case .bool = value { true } else { false }
        case "array": if case .array = value { true } else { false }
        case "object": if case .object = value { true } else { false }
        case "number":
            switch value {
            case .integer, .number: true
            default: false
            }
        default: false
        }
    }
}
