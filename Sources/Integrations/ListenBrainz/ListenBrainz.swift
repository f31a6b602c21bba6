import Domain
import Foundation
import Synchronization

/// ListenBrainz (listenbrainz.readthedocs.io): a keeper of listens, and what it makes of them.
package final class ListenBrainz: Sendable {
    package static let defaultLabs: ServiceAddress = {
        do throws(ServiceAddress.Problem) {
            return try ServiceAddress("https://labs.api.listenbrainz.org")
        } catch {
            preconditionFailure("the default address is one")
        }
    }()
    /// Of the data sets of similar recordings and artists.
    package static let defaultAlgorithm =
        "session_based_days_9000_session_300_contribution_5_threshold_15_limit_50_skip_30"

    let caller: HTTPCaller
    /// Where the data sets are.
    let labs: HTTPCaller
    /// Of this server; lookups need one.
    let token: Credential?
    let algorithm: String
    private let clock: ServiceClock
    private let window = Mutex(RateWindow())

    private static let limit = Duration.seconds(20)
    /// Whoever asks waits so long for the next window; else the work waits.
    private static let patienceSeconds: Double = 2

    package init(
        caller: HTTPCaller, labs: HTTPCaller, token: Credential?, algorithm: String = defaultAlgorithm,
        clock: ServiceClock = .system
    ) {
        self.caller = caller
        self.labs = labs
        self.token = token
        self.algorithm = algorithm
        self.clock = clock
    }

    func get<Value: Decodable & Sendable>(
        _ path: String, _ query: [(name: String, value: String)], token: Credential?, as type: Value.Type
    ) async throws -> Value {
        var request = ServiceRequest(path, limit: Self.limit)
        request.query = query
        request.authorization = token.map { .scheme("Token", $0) }
        return try await send(request) { answer in
            guard answer.status == 200 else { throw answer.refusal(of: .listenbrainz) }
            return try answer.read(type, of: .listenbrainz)
        }
    }

    func post<Value: Sendable>(
        _ path: String, json: [UInt8], token: Credential, _ read: @Sendable (ServiceAnswer) throws -> Value
    ) async throws -> Value {
        var request = ServiceRequest(path, body: json, limit: Self.limit)
        request.authorization = .scheme("Token", token)
        // Whether a listen arrived that was not answered is asked of the history, before it is sent again.
        request.isRepeatable = false
        return try await send(request, read)
    }

    /// The end of a window is waited for here, before the service has to say 429.
    private func send<Value: Sendable>(
        _ request: ServiceRequest, _ read: @Sendable (ServiceAnswer) throws -> Value
    ) async throws -> Value {
        while true {
            let now = clock.now()
            let wait = window.withLock { $0.take(at: now) }
            guard wait > 0 else { break }
            guard wait <= Self.patienceSeconds else {
                throw Failure(
                    .serviceUnavailable, "ListenBrainz takes no more requests for a moment", retryAfterSeconds: wait)
            }
            try await clock.sleep(wait)
        }
        return try await caller.call(request) { [self] answer in
            note(answer)
            return try read(answer)
        }
    }

    private func note(_ answer: ServiceAnswer) {
        guard let left = answer.headers["x-ratelimit-remaining"].flatMap({ Int($0) }),
            let seconds = answer.headers["x-ratelimit-reset-in"].flatMap({ Double($0) })
        else { return }
        let now = clock.now()
        window.withLock { $0.note(remaining: left, resetIn: seconds, at: now) }
    }
}
