import AsyncHTTPClient
import Contracts
import Domain
import Foundation
import NIOCore
import NIOHTTP1

/// Speaks to a server as any client would.
package struct Client: Sendable {
    package let base: String
    package var token: String?

    package init(base: String, token: String? = nil) {
        self.base = base
        self.token = token
    }

    package struct Answer: Sendable {
        package let status: Int
        package let headers: [String: String]
        package let body: String

        package var json: JSONValue {
            get throws { try ContractJSON.decode(JSONValue.self, from: body) }
        }
    }

    /// An answer that the test did not ask for.
    package struct Unexpected: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    package enum Verb: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// Large enough for a page of tracks.
    private static let maxBodyBytes = 64 << 20

    package func send(
        _ verb: Verb, _ path: String, _ body: JSONValue? = nil, headers: [String: String] = [:],
        limit: TimeAmount = .seconds(30)
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = HTTPMethod(rawValue: verb.rawValue)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: ContractJSON.encode(body)))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: limit)
        let bytes = try await response.body.collect(upTo: Self.maxBodyBytes)
        let fields = response.headers.map { ($0.name.lowercased(), $0.value) }
        return Answer(
            status: Int(response.status.code), headers: Dictionary(fields) { first, _ in first },
            body: String(buffer: bytes))
    }

    /// The answer as JSON; throws when the status is no success.
    package func ask(
        _ verb: Verb, _ path: String, _ body: JSONValue? = nil, headers: [String: String] = [:]
    ) async throws -> JSONValue {
        let answer = try await send(verb, path, body, headers: headers)
        guard (200..<300).contains(answer.status) else {
            throw Unexpected(description: "\(verb.rawValue) \(path): \(answer.status) \(answer.body)")
        }
        return try answer.json
    }

    /// All items of a list, page by page.
    package func list(_ path: String) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var cursor: String?
        repeat {
            let mark = cursor.map { "&cursor=" + Self.escaped($0) } ?? ""
            let page = try await ask(.get, path + (path.contains("?") ? "&" : "?") + "limit=100" + mark)
            items += page.items
            cursor = page["next_cursor"]?.text
        } while cursor != nil
        return items
    }

    package static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }
}

extension JSONValue {
    package var text: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    package var int: Int64? {
        guard case .integer(let value) = self else { return nil }
        return value
    }

    package var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    package var flag: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    package var list: [JSONValue] {
        guard case .array(let values) = self else { return [] }
        return values
    }

    /// The items of a page.
    package var items: [JSONValue] { self["items"]?.list ?? [] }
}
