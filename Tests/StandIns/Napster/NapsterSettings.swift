/// Who may use the stand-in for Napster, and how much it takes.
package struct NapsterSettings: Sendable {
    /// Secrets of applications by their keys.
    package var secrets = ["NzdhMzQyODItZjQ0ZS00": "MmQ5YzE0ZjMtYjA1OC00"]
    /// Passwords by user name.
    package var passwords = ["demo": "furrow"]
    /// Who grants what a browser asks for.
    package var browserUser = "demo"
    /// Seconds that an access token lives.
    package var tokenSeconds = 86_400
    /// Requests of an application in a second.
    package var perSecond = 500
    /// A refreshed token comes with a new refresh token, and the old one ends.
    package var isRefreshRotated = true

    package init() {}

    package var firstKey: String { secrets.keys.sorted().first ?? "" }
}
