import Domain
import Foundation
import Synchronization

/// slskd (github.com/slskd/slskd), the user's own client of Soulseek: its API searches, fetches and tells how far it is.
package final class Slskd: Sendable {
    let caller: HTTPCaller
    let key: Credential
    let clock: ServiceClock
    /// A new UUID.
    let newID: @Sendable () -> String
    /// Whether it takes downloads as batches, as it does since 0.26; nil while nobody knows.
    let takesBatches = Mutex<Bool?>(nil)

    static let prefix = "/api/v0"
    /// What a search finds comes in one piece.
    private static let answerBytesMax = 32 << 20
    private static let limit = Duration.seconds(20)

    package init(
        caller: HTTPCaller, key: Credential, clock: ServiceClock = .system,
        newID: @escaping @Sendable () -> String = { UUID().uuidString.lowercased() }
    ) {
        self.caller = caller
        self.key = key
        self.clock = clock
        self.newID = newID
    }

    /// - Parameter read: gets every answer but those that any service means as trouble.
    func send<Value: Sendable>(
        _ method: ServiceRequest.Method, _ path: String, query: [(name: String, value: String)] = [],
        json: String? = nil, isRepeatable: Bool = true, _ read: @Sendable (ServiceAnswer) throws -> Value
    ) async throws -> Value {
        var request = ServiceRequest(Self.prefix + path, body: json.map { Array($0.utf8) }, limit: Self.limit)
        request.method = method
        request.query = query
        request.authorization = .header("X-API-Key", key)
        request.isRepeatable = isRepeatable
        request.answerBytesMax = Self.answerBytesMax
        return try await caller.call(request) { answer in
            if answer.status == 401 || answer.status == 403 {
                throw Failure.blocked("slskd does not take the key (\(answer.status)): see SILLON_SLSKD_KEY_FILE")
            }
            return try read(answer)
        }
    }

    /// Nil for 404.
    func get<Value: Decodable & Sendable>(
        _ path: String, query: [(name: String, value: String)] = [], as type: Value.Type
    ) async throws -> Value? {
        try await send(.get, path, query: query) { answer in
            switch answer.status {
            case 200: try answer.read(type, of: .slskd)
            case 404: nil
            default: throw Self.refusal(answer)
            }
        }
    }

    /// It says why in a JSON text by itself.
    static func refusal(_ answer: ServiceAnswer) -> Failure {
        Failure(.serviceRefused, "slskd answered \(answer.status)\(words(answer))")
    }

    static func words(_ answer: ServiceAnswer) -> String {
        let text = try? answer.decoded(as: String.self)  // another form, or nothing: the status has to do
        let clean = (text ?? "").prefix(300).map { $0.isNewline ? " " : $0 }
        return clean.isEmpty ? answer.shownText : ": " + String(clean)
    }

    /// A name of a user, or an id, as a part of a path.
    static func part(_ text: String) -> String {
        // A text of whole characters can always be written this way.
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    /// RFC 3986, section 2.3
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
