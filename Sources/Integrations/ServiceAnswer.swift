import Domain
import Foundation
import Telemetry

package struct ServiceAnswer: Sendable {
    package let status: Int
    /// What the service asked for; nonsense is nil.
    package let retryAfterSeconds: Double?
    /// By lower-case name, the first of each.
    package let headers: [String: String]
    package let body: [UInt8]

    package init(status: Int, retryAfterSeconds: Double? = nil, headers: [String: String] = [:], body: [UInt8]) {
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
        self.headers = headers
        self.body = body
    }

    private static let shownBytes = 300
    /// Of an error, in search of keys.
    private static let readCharacters = 4000

    package func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body))
    }

    /// The JSON that was asked for. Throws `serviceError` that says what came instead.
    package func json<Value: Decodable>(_ type: Value.Type, of service: String) throws(Failure) -> Value {
        do {
            return try decoded(as: type)
        } catch {
            let start = body.first { ![0x09, 0x0A, 0x0D, 0x20].contains($0) }
            let isPage = start == UInt8(ascii: "<") || headers["content-type"]?.hasPrefix("text/html") == true
            let what = isPage ? "is a page of HTML or XML, no JSON" : "of \(body.count) bytes is not understood"
            throw Failure(.serviceError, "\(service)'s answer \(what)")
        }
    }

    /// What an error says of itself, `: …`, cut, without control characters and without what looks like a key; empty when it
    /// says nothing.
    package var shownText: String {
        // Before it is cut: half a key is not known as one.
        let text = SecretText.none.masked(String((errorText ?? "").prefix(Self.readCharacters)))
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
