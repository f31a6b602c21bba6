/// Who may use the stand-in for Last.fm, and how much it takes.
package struct LastFMSettings: Sendable {
    /// Secrets of applications by their keys.
    package var secrets = ["5b1f0c6d2e9a4738b6c5d4e3f2a1b0c9": "9c0b1a2f3e4d5c6b8374a9e2d6c0f1b5"]
    /// Passwords by user name.
    package var passwords = ["demo": "furrow"]
    /// Who grants what a browser asks for.
    package var browserUser = "demo"
    /// Scrobbles that a user may send on one day.
    package var dailyLimit = 2_800
    /// Keys that were suspended.
    package var suspended: Set<String> = []

    package init() {}

    package var firstKey: String { secrets.keys.sorted().first ?? "" }
}
