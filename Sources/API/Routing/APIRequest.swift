import Contracts
import HTTPTypes
import Logging
import UseCases

/// A request that found its route: signed in, checked, its body read.
struct APIRequest: Sendable {
    /// Only the head of the answer is sent.
    let isHead: Bool
    let variables: [String: String]
    let query: [String: String]
    let headers: HTTPFields
    let body: Body
    /// Nil on open routes.
    let signedIn: SignedIn?
    /// The Host header.
    let authority: String?
    /// Whom a failed sign-in is charged to.
    let peer: String
    let client: ClientPresence
    let logger: Logger

    /// Nil on open routes.
    var token: AccessToken? { signedIn?.token }

    /// Nil when the parameter is absent. A part of the path that cannot name anything is "not found".
    func optional<Value>(_ parameter: Parameter<Value>) throws(Problem) -> Value? {
        guard let text = text(of: parameter) else { return nil }
        guard let value = parameter.scalar.parse(text: text) else {
            throw parameter.location == .path
                ? .notFound : .badRequest("\(parameter.name) must be \(parameter.scalar.expectation)")
        }
        return value
    }

    func require<Value>(_ parameter: Parameter<Value>) throws(Problem) -> Value {
        guard let value = try optional(parameter) else { throw .badRequest("\(parameter.name) is missing") }
        return value
    }

    func page() throws(Problem) -> PageRequest {
        PageRequest(cursor: try optional(.cursor), limit: try optional(.limit) ?? PageRequest.defaultLimit)
    }

    /// Whose plays and marks are meant. Throws on open routes, which are nobody's.
    func account() throws(Problem) -> Int64 {
        guard let token else { throw .notFound }
        return token.accountID
    }

    /// Whether the client says that it has this version.
    func has(_ entityTag: String) -> Bool { headers.knows(entityTag) }

    /// Who acts, for the audit trail.
    var actor: String { token.map { "token \($0.id) (\($0.name))" } ?? "anonymous" }

    private func text(of parameter: Parameter<some Sendable>) -> String? {
        switch parameter.location {
        case .path: variables[parameter.name]
        case .query: query[parameter.name]
        case .header: HTTPField.Name(parameter.name).flatMap { headers[$0] }
        }
    }
}

extension HTTPFields {
    /// Whether `If-None-Match` names this version.
    func knows(_ entityTag: String) -> Bool {
        guard let known = self[.ifNoneMatch] else { return false }
        return known == "*"
            || known.split(separator: ",").contains { $0.drop { $0 == " " || $0 == "W" || $0 == "/" } == entityTag }
    }
}
