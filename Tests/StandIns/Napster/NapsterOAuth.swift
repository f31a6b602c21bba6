/// OAuth 2: codes for browsers, tokens for codes, passwords and refresh tokens.
struct NapsterOAuth {
    let settings: NapsterSettings
    let now: Int
    let random: @Sendable (Int) -> String

    /// The page on which a user says yes; this one says yes by itself.
    func authorize(_ query: Parameters, _ state: inout NapsterState) throws(NapsterError) -> Reply {
        guard let client = query["client_id"], settings.secrets[client] != nil else {
            throw NapsterError(400, "Unknown client_id")
        }
        guard let redirect = query.filled("redirect_uri") else { throw NapsterError(400, "redirect_uri is missing") }
        guard query["response_type"] == "code" else { throw NapsterError(400, "response_type must be code") }
        let method = query["code_challenge_method"] ?? "plain"
        guard ["plain", "S256"].contains(method) else { throw NapsterError(400, "Unknown code_challenge_method") }
        let code = random(16)
        state.codes[code] = NapsterState.Code(
            client: client, redirect: redirect, user: settings.browserUser, challenge: query.filled("code_challenge"),
            method: method, issued: now)
        var location = redirect + (redirect.contains("?") ? "&" : "?") + "code=\(code)"
        if let own = query["state"] { location += "&state=\(Parameters.encoded(own))" }
        return .redirect(to: location)
    }

    /// `POST /oauth/access_token`.
    func token(_ form: Parameters, _ state: inout NapsterState) throws(NapsterError) -> Reply {
        guard let client = form["client_id"], let secret = settings.secrets[client], form["client_secret"] == secret
        else { throw NapsterError(401, "Invalid client_id or client_secret") }
        switch form["grant_type"] {
        case "authorization_code":
            // A code that was seen once is used up, also by a request that fails.
            guard let text = form["code"], let code = state.codes.removeValue(forKey: text), code.client == client,
                now - code.issued < NapsterState.codeSeconds
            else { throw NapsterError(400, "Invalid or expired code") }
            guard form["redirect_uri"] == code.redirect else { throw NapsterError(400, "redirect_uri does not match") }
            try Self.check(form["code_verifier"], against: code)
            return grant(code.user, client: client, &state)
        case "refresh_token":
            guard let text = form["refresh_token"], let known = state.refresh[text], known.client == client else {
                throw NapsterError(400, "Invalid refresh_token")
            }
            if settings.isRefreshRotated { state.refresh[text] = nil }
            return grant(known.user, client: client, refresh: settings.isRefreshRotated ? nil : text, &state)
        default: throw NapsterError(400, "Unsupported grant_type")
        }
    }

    /// `POST /oauth/token`: name and password, the application in HTTP Basic.
    func password(_ request: Request, _ state: inout NapsterState) throws(NapsterError) -> Reply {
        let form = request.form
        let client = settings.secrets.first { Base64.encoded("\($0.key):\($0.value)") == request.credentials("Basic") }
        guard let client else { throw NapsterError(401, "Invalid application") }
        guard form["grant_type"] == "password", let user = form["username"],
            let password = settings.passwords[user], form["password"] == password
        else { throw NapsterError(401, "Invalid username or password") }
        return grant(user, client: client.key, &state)
    }

    /// PKCE (RFC 7636): who sent a challenge must know what it was made of.
    private static func check(_ verifier: String?, against code: NapsterState.Code) throws(NapsterError) {
        guard let challenge = code.challenge else { return }
        let answer = verifier.map { code.method == "S256" ? Digest.base64URL(Digest.sha256($0)) : $0 }
        guard answer == challenge else { throw NapsterError(400, "code_verifier does not match") }
    }

    private func grant(
        _ user: String, client: String, refresh kept: String? = nil, _ state: inout NapsterState
    ) -> Reply {
        let (access, refresh) = (random(24), kept ?? random(24))
        state.access[access] = NapsterState.Access(user: user, expires: now + settings.tokenSeconds)
        state.refresh[refresh] = NapsterState.Refresh(client: client, user: user)
        return .json([
            "access_token": .string(access), "refresh_token": .string(refresh), "token_type": "bearer",
            "expires_in": .int(settings.tokenSeconds), "username": .string(user), "catalog": "DE",
        ])
    }
}
