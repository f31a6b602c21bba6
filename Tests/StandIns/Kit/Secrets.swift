/// Takes secrets out of what the journal shows; a short hash stays, so that two can be told apart.
enum Secrets {
    private static let headers: Set = ["x-api-key", "apikey", "cookie", "proxy-authorization"]
    private static let parameters: Set = [
        "sk", "password", "authtoken", "client_secret", "refresh_token", "access_token", "code", "token", "apikey",
        "code_verifier",
    ]

    static func shown(_ header: Request.Header) -> String {
        if header.name == "authorization" {
            let parts = header.value.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { return Digest.mark(header.value) }
            return "\(parts[0]) \(Digest.mark(String(parts[1])))"
        }
        return headers.contains(header.name) ? Digest.mark(header.value) : header.value
    }

    static func shown(_ parameters: Parameters) -> String {
        parameters.items.map { item in
            let value = Self.parameters.contains(item.name.lowercased()) ? Digest.mark(item.value) : item.value
            return "\(item.name)=\(value)"
        }.joined(separator: "&")
    }

    static func shown(_ json: JSON) -> JSON {
        switch json {
        case .array(let values): return .array(values.map(shown))
        case .object(let members):
            return .object(
                members.map { member in
                    if parameters.contains(member.name.lowercased()), let secret = member.value.string {
                        return JSON.Member(name: member.name, value: .string(Digest.mark(secret)))
                    }
                    return JSON.Member(name: member.name, value: shown(member.value))
                })
        default: return json
        }
    }

    /// The body as text: forms and JSON without their secrets.
    static func shownBody(of request: Request) -> String {
        guard !request.body.isEmpty else { return "" }
        if !request.form.items.isEmpty { return shown(request.form) }
        if let json = request.json { return shown(json).text }
        return String(decoding: request.body, as: UTF8.self)
    }
}
