import Foundation

/// A request to a service outside.
package struct ServiceRequest: Sendable {
    /// Behind the service's address.
    package var path: String
    /// JSON; nil makes it a GET.
    package var body: [UInt8]?
    package var limit: Duration
    package var purpose: Purpose

    /// A service that tells of itself may still fail at its work: each has a breaker of its own.
    package enum Purpose: Int, CaseIterable, Sendable {
        case work, look
    }

    package init(_ path: String, body: [UInt8]? = nil, limit: Duration, purpose: Purpose = .work) {
        self.path = path
        self.body = body
        self.limit = limit
        self.purpose = purpose
    }
}

package struct ServiceAnswer: Sendable {
    package let status: Int
    /// What the service asked for; a date, or nonsense, is nil.
    package let retryAfterSeconds: Double?
    package let body: [UInt8]

    package init(status: Int, retryAfterSeconds: Double? = nil, body: [UInt8]) {
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
        self.body = body
    }

    private static let shownBytes = 300

    func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body))
    }

    /// What an error says of itself, `: …`, cut and without control characters; empty when it says nothing.
    var shownText: String {
        let text = errorText ?? ""
        let clean = text.prefix(Self.shownBytes).map {
            $0.isNewline || $0.asciiValue.map { $0 < 32 } == true ? " " : $0
        }
        return clean.isEmpty ? "" : ": " + String(clean)
    }

    /// `{"error": "…"}` as Ollama has it, or `{"error": {"message": "…"}}` as OpenAI has it.
    private var errorText: String? {
        struct Plain: Decodable { let error: String }
        struct Nested: Decodable {
            struct Inner: Decodable { let message: String }
            let error: Inner
        }
        if let plain = try? decoded(as: Plain.self) { return plain.error }  // the other form is tried next
        return try? decoded(as: Nested.self).error.message  // a proxy's page, say: the status has to do
    }
}
