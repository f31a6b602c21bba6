import Domain

/// How somebody lets this program write in their name.
extension LastFM {
    /// Where a browser asks its owner; it comes back to `callback` with `token` in the query.
    package func authorizationAddress(callback: String) -> String {
        "\(site)/api/auth/?" + FormEncoding.encode([("api_key", key.value), ("cb", callback)])
    }

    /// For a program without a page to come back to: a token, and where its owner allows it.
    package func desktopToken() async throws -> (token: String, address: String) {
        let answer = try await signed("auth.getToken", [:], as: LastFMAnswers.Token.self)
        let query = FormEncoding.encode([("api_key", key.value), ("token", answer.token)])
        return (answer.token, "\(site)/api/auth/?\(query)")
    }

    /// Throws `signInAgain` for a token that was not allowed yet, or is too old.
    package func account(token: String) async throws -> ServiceAccount {
        try await account("auth.getSession", ["token": token])
    }

    /// By name and password, which Last.fm takes over an encrypted connection only.
    package func account(userName: String, password: HiddenText) async throws -> ServiceAccount {
        guard caller.address.isEncrypted || caller.address.isLoopback else {
            throw Failure(.serviceRefused, "a password is not sent to \(caller.address): it has no https")
        }
        return try await account("auth.getMobileSession", ["username": userName, "password": password.value])
    }

    /// Whose session it is; throws `signInAgain` for nobody's.
    func name(of session: HiddenText) async throws -> String {
        let user = try await signed("user.getInfo", [:], session: session, as: LastFMAnswers.UserAnswer.self).user
        guard let name = user.name?.value else {
            throw Failure(.serviceError, "Last.fm does not say whose session it is")
        }
        return String(name.prefix(200))
    }

    private func account(_ method: String, _ parameters: [String: String]) async throws -> ServiceAccount {
        let session = try await signed(method, parameters, as: LastFMAnswers.Session.self).session
        return ServiceAccount(name: session.name, secret: HiddenText(session.key))
    }

    private func signed<Value: Decodable & Sendable>(
        _ method: String, _ parameters: [String: String], session: HiddenText? = nil, as type: Value.Type
    ) async throws -> Value {
        do {
            return try await write(method, parameters, session: session, as: type)
        } catch let problem as LastFMProblem {
            throw problem.failure
        }
    }
}
