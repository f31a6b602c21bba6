/// The database engines that tests of whole processes run on.
package enum Engine: CaseIterable, Sendable {
    case sqlite, postgres

    /// All of them, unless there is no server; a test of the stores then fails and says so.
    package static var available: [Engine] { allCases.filter { $0 != .postgres || ServerDatabase.server != nil } }
}
