/// The last time that somebody looked for the front of an album whose files hold none.
package struct CoverSearch: Hashable, Sendable {
    /// Microseconds since the epoch.
    package var checkedAt: Int64
    /// What was found and refused, and who did not answer; empty where nobody knows a picture, or one was found.
    package var problems: [String]

    package init(checkedAt: Int64, problems: [String]) {
        self.checkedAt = checkedAt
        self.problems = problems
    }
}
