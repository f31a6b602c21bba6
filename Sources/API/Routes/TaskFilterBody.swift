import Contracts
import Domain
import UseCases

/// `{"filter": {…}}`: which tasks are meant by an act on many.
struct TaskFilterBody: Sendable {
    static let retry = TaskFilterBody(
        "RetryTasks", "TaskFilter", BodyField("state", Scalar<TaskState>.choice, "Only dead tasks can go back."))
    static let cancel = TaskFilterBody(
        "CancelTasks", "CancelFilter",
        BodyField(
            "state", Scalar<TaskState>.choice, isRequired: true,
            "Only tasks in this state; `dead` dismisses dead letters, and what is done stays done."))

    private static let kind = BodyField("kind", Scalar<TaskKind>.choice, "Only tasks that do this.")
    private static let role = BodyField("role", Scalar<Role>.choice, "Only tasks that these workers run.")
    private static let scanID = BodyField("scan_id", .text(1...64), "Only tasks of this scan.")

    private static let fingerprint = BodyField(
        "fingerprint", Scalar<Int>.fingerprint, "Only dead tasks with this cause.")

    /// The body.
    let whole: BodySpec
    private let object: BodyField<[String: JSONValue]>
    private let members: BodySpec
    private let state: BodyField<TaskState>

    private init(_ name: String, _ filterName: String, _ state: BodyField<TaskState>) {
        self.state = state
        members = BodySpec(
            filterName,
            [.init(state), .init(Self.kind), .init(Self.role), .init(Self.scanID), .init(Self.fingerprint)])
        object = BodyField(
            "filter", Scalar.object.with(schema: members.object.json), isRequired: true, "Which tasks are meant.")
        whole = BodySpec(name, [.init(object)])
    }

    func filter(_ body: Body) throws(Problem) -> TaskFilter {
        let filter = Body(members: try body.require(object), prefix: "filter.")
        try members.check(filter)
        return TaskFilter(
            state: state.isRequired ? try filter.require(state) : try filter.optional(state),
            kind: try filter.optional(Self.kind), role: try filter.optional(Self.role),
            scanID: try filter.optional(Self.scanID), fingerprint: try filter.optional(Self.fingerprint))
    }
}
