/// What went wrong between us and the server, as the adapter sees it; `PostgresFailure` says what it means to stores.
struct PostgresError: Error {
    /// Five characters, as in the manual's appendix A; empty when the server said nothing.
    var state: String
    /// The server's or the library's sentence, without values from rows and without the password.
    var message: String
    /// The session is of no use any more.
    var isConnectionLost = false
    /// The connection broke between COMMIT and its answer: it may have happened or not.
    var isOutcomeUnknown = false

    /// A state: the user lacks a right.
    static let notPermitted = "42501"

    static func lost(_ message: String) -> PostgresError {
        PostgresError(state: "08006", message: message, isConnectionLost: true)
    }
}
