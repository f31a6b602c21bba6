import Domain
import Foundation

/// Last.fm's API 2.0 (last.fm/api): facts of tracks, albums and artists, and a keeper of listens.
package struct LastFM: Sendable {
    package static let defaultSite = "https://www.last.fm"

    let caller: HTTPCaller
    let key: Credential
    /// Nil where nothing is written.
    let secret: Credential?
    /// Where people allow it to write.
    let site: String
    /// Of summaries, ISO 639; nil for English.
    package let language: String?

    private static let limit = Duration.seconds(20)

    package init(
        caller: HTTPCaller, key: Credential, secret: Credential?, site: String = defaultSite, language: String?
    ) {
        self.caller = caller
        self.key = key
        self.secret = secret
        self.site = site
        self.language = language
    }

    /// Nil for what Last.fm does not know.
    func read<Value: Decodable & Sendable>(
        _ method: String, _ parameters: [(name: String, value: String)], as type: Value.Type
    ) async throws -> Value? {
        var request = ServiceRequest("/", limit: Self.limit)
        request.query = [("method", method), ("api_key", key.value), ("format", "json")] + parameters
        return try await caller.call(request) { answer in
            do throws(LastFMProblem) {
                return try Self.interpret(answer, as: type)
            } catch {
                guard case .absent = error else { throw error.failure }
                return nil
            }
        }
    }

    /// A signed call. Throws `LastFMProblem`, so that a parameter that is wrong is told from other refusals.
    func write<Value: Decodable & Sendable>(
        _ method: String, _ parameters: [String: String], session: HiddenText?, isRepeatable: Bool = true,
        as type: Value.Type
    ) async throws -> Value {
        guard let secret else {
            throw LastFMProblem.failure(
                Failure(.serviceRefused, "Last.fm takes nothing without a secret: set SILLON_LASTFM_SECRET_FILE"))
        }
        var fields = parameters
        fields["method"] = method
        fields["api_key"] = key.value
        fields["sk"] = session?.value
        fields["api_sig"] = LastFMSignature.of(fields, secret: secret)
        fields["format"] = "json"
        var request = ServiceRequest("/", limit: Self.limit)
        request.method = .post
        request.body = .form(fields.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
        request.isRepeatable = isRepeatable
        do {
            // The caller has to see failures as such, and a parameter that is wrong is none of the service.
            return try await caller.call(request) { answer in
                do throws(LastFMProblem) {
                    return Result<Value, LastFMProblem>.success(try Self.interpret(answer, as: type))
                } catch {
                    guard case .absent = error else { throw error.failure }
                    return .failure(error)
                }
            }.get()
        } catch let failure as Failure {
            throw LastFMProblem.failure(failure)
        }
    }

    private struct ErrorAnswer: Decodable {
        let error: Int
        let message: LooseText?
    }

    /// An error may come with status 200, too.
    static func interpret<Value: Decodable>(
        _ answer: ServiceAnswer, as type: Value.Type
    ) throws(LastFMProblem) -> Value {
        if let problem = try? answer.decoded(as: ErrorAnswer.self) {  // no error, then
            let message = String((problem.message?.value ?? "no reason").prefix(300))
            throw LastFMProblem(
                code: problem.error, message: message, retryAfterSeconds: answer.retryAfterSeconds)
        }
        do throws(Failure) {
            return try answer.read(type, of: .lastfm)
        } catch {
            throw .failure(error)
        }
    }
}
