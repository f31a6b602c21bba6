/// Tokens and sessions: web, desktop and mobile.
struct LastFMAuth {
    let settings: LastFMSettings
    let call: LastFMCall
    let now: Int
    let random: @Sendable (Int) -> String

    func answer(_ state: inout LastFMState) throws(LastFMError) -> Node? {
        switch call.method {
        case "auth.gettoken":
            let token = random(16)
            state.tokens[token] = LastFMState.Token(key: call.parameters["api_key"] ?? "", issued: now)
            return Node("token", token)
        case "auth.getsession": return try session(&state)
        default: return try mobileSession(&state)
        }
    }

    private func session(_ state: inout LastFMState) throws(LastFMError) -> Node {
        let text = try call.required("token")
        guard let token = state.tokens[text], token.key == call.parameters["api_key"] else {
            throw LastFMError(4, "Authentication Failed - Invalid token supplied")
        }
        guard now - token.issued < LastFMState.tokenSeconds else { throw LastFMError(15) }
        guard let user = token.user else { throw LastFMError(14) }
        state.tokens[text] = nil
        return begin(user, &state)
    }

    /// With a password, or the older hash of name and password. Must be posted.
    private func mobileSession(_ state: inout LastFMState) throws(LastFMError) -> Node {
        guard call.isPost else { throw LastFMError(4) }
        let user = try call.required("username").lowercased()
        guard let password = settings.passwords[user] else { throw LastFMError(4) }
        if let hash = call.parameters.filled("authToken") {
            guard hash == Digest.md5(user + Digest.md5(password)) else { throw LastFMError(4) }
        } else {
            guard try call.required("password") == password else { throw LastFMError(4) }
        }
        return begin(user, &state)
    }

    private func begin(_ user: String, _ state: inout LastFMState) -> Node {
        let key = random(16)
        state.sessions[key] = user
        return Node(
            "session", children: [Node("name", user), Node("key", key), Node("subscriber", number: 0)])
    }
}
