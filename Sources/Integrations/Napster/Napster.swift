import Domain
import Foundation
import UseCases

/// Napster's API 2.2: a catalogue behind a key, and accounts by OAuth 2. The service has closed; what is left is a client
/// for whoever speaks the same protocol, switched off unless it is set up.
package struct Napster: Sendable {
    let caller: HTTPCaller
    let key: Credential
    /// Nil where nobody signs in.
    let secret: Credential?
    /// Of the catalogue: `DE`; nil for the account's own.
    let country: String?
    /// Tells when tokens end.
    let clock: MicrosecondClock

    static let limit = Duration.seconds(20)

    package init(
        caller: HTTPCaller, key: Credential, secret: Credential?, country: String? = nil,
        clock: @escaping MicrosecondClock
    ) {
        self.caller = caller
        self.key = key
        self.secret = secret
        self.country = country
        self.clock = clock
    }

    /// Of the catalogue; nil for what is not in it.
    func get<Value: Decodable & Sendable>(
        _ path: String, _ query: [(name: String, value: String)], as type: Value.Type
    ) async throws -> Value? {
        var request = ServiceRequest(path, limit: Self.limit)
        request.query = query + (country.map { [("catalog", $0)] } ?? [])
        request.authorization = .header("apikey", key)
        return try await caller.call(request) { answer in
            switch answer.status {
            case 200: try answer.read(type, of: .napster)
            case 404: nil
            case 401, 403:
                // The key is the server's, so nobody's account is to blame.
                throw Failure.blocked("Napster does not take the key (\(answer.status)): check SILLON_NAPSTER_KEY")
            default: throw answer.refusal(of: .napster)
            }
        }
    }
}
