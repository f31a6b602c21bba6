import Domain
import Telemetry

extension HTTPCaller {
    /// A service may repeat in its refusal what it was sent. What is thrown here goes into the database, to clients, into
    /// the log and into spans; so the keys go out here, where they are known.
    func hidingKeys<Value: Sendable>(
        of request: ServiceRequest, _ work: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await work()
        } catch let failure as Failure {
            let words = SecretText(keys(of: request)).masked(failure.message)
            throw Failure(failure.reason, words, retryAfterSeconds: failure.retryAfterSeconds)
        }
    }

    private func keys(of request: ServiceRequest) -> [String] {
        var fields = request.query
        if case .form(let more) = request.body { fields += more }
        let own = [credential?.value, request.authorization?.credential.value].compactMap(\.self)
        return own + fields.filter { SecretText.isSecret($0.name) }.map(\.value)
    }
}

extension ServiceRequest.Authorization {
    fileprivate var credential: Credential {
        switch self {
        case .bearer(let credential), .scheme(_, let credential), .header(_, let credential): credential
        }
    }
}
