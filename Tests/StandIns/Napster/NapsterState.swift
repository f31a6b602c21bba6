/// What Napster remembers of who may come in.
struct NapsterState: Sendable {
    struct Code: Sendable {
        let client: String
        let redirect: String
        let user: String
        /// Of RFC 7636, when the client sent one: the challenge, and how it is made.
        let challenge: String?
        let method: String
        let issued: Int
    }

    struct Access: Sendable {
        let user: String
        let expires: Int
    }

    struct Refresh: Sendable {
        let client: String
        let user: String
    }

    /// Seconds that a code lives.
    static let codeSeconds = 600

    var codes: [String: Code] = [:]
    var access: [String: Access] = [:]
    var refresh: [String: Refresh] = [:]
    var windows = RateWindow(seconds: 1)
}
