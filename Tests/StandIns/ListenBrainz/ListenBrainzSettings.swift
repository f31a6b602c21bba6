/// Who may use the stand-in for ListenBrainz, and how much it takes.
package struct ListenBrainzSettings: Sendable {
    /// User names by token.
    package var users = ["8e8f2c9a-4d1b-4a57-9a39-6f0b3c1d2e4f": "demo"]
    /// Requests in a window by address and by token, as the library's defaults are.
    package var perAddress = 30
    package var perToken = 50
    /// Seconds of a window.
    package var windowSeconds = 10

    package init() {}

    package var firstToken: String { users.keys.sorted().first ?? "" }
}
