import Contracts
import Domain
import UseCases

/// Which tasks a page is about: in its URL, and in the forms that act on all of them. What is empty does not narrow.
struct TaskSelection: Sendable {
    var filter: TaskFilter

    private static let maxLength = 64
    static let role = Parameter("role", .text(0...maxLength), "Only tasks that these workers run.")
    static let kind = Parameter("kind", .text(0...maxLength), "Only tasks that do this.")
    static let state = Parameter("state", .text(0...maxLength), "Only tasks in this state.")
    static let scan = Parameter("scan", .text(0...maxLength), "Only tasks of this scan.")
    static let error = Parameter("error", .text(0...maxLength), "Only dead tasks with this cause.")
    static let parameters = [
        ParameterSpec(role), ParameterSpec(kind), ParameterSpec(state), ParameterSpec(scan), ParameterSpec(error),
    ]

    private static let roleField = BodyField(role.name, role.scalar, role.description)
    private static let kindField = BodyField(kind.name, kind.scalar, kind.description)
    private static let stateField = BodyField(state.name, state.scalar, state.description)
    private static let scanField = BodyField(scan.name, scan.scalar, scan.description)
    private static let errorField = BodyField(error.name, error.scalar, error.description)
    static let members: [BodySpec.Member] = [
        .init(roleField), .init(kindField), .init(stateField), .init(scanField), .init(errorField),
    ]

    init(_ filter: TaskFilter) {
        self.filter = filter
    }

    init(query request: APIRequest) throws(Problem) {
        filter = TaskFilter(
            state: try Self.read(try request.optional(Self.state), "state", TaskState.init(rawValue:)),
            kind: try Self.read(try request.optional(Self.kind), "kind", TaskKind.init(rawValue:)),
            role: try Self.read(try request.optional(Self.role), "role", Role.init(rawValue:)),
            scanID: try Self.read(try request.optional(Self.scan), "scan") { $0 },
            fingerprint: try Self.read(try request.optional(Self.error), "error", Self.cause))
    }

    init(form body: Body) throws(Problem) {
        filter = TaskFilter(
            state: try Self.read(try body.optional(Self.stateField), "state", TaskState.init(rawValue:)),
            kind: try Self.read(try body.optional(Self.kindField), "kind", TaskKind.init(rawValue:)),
            role: try Self.read(try body.optional(Self.roleField), "role", Role.init(rawValue:)),
            scanID: try Self.read(try body.optional(Self.scanField), "scan") { $0 },
            fingerprint: try Self.read(try body.optional(Self.errorField), "error", Self.cause))
    }

    private static func read<Value>(
        _ text: String?, _ name: String, _ parse: (String) -> Value?
    ) throws(Problem) -> Value? {
        guard let text, !text.isEmpty else { return nil }
        guard let value = parse(text) else { throw .badRequest("\(name) is nothing that tasks have") }
        return value
    }

    private static func cause(_ text: String) -> Int? {
        Int(text).flatMap { Scalar<Int>.fingerprint.parse(.integer(Int64($0))) }
    }

    /// The list of them.
    var path: LocalPath { path(at: "/tasks") }

    func path(at place: LocalPath) -> LocalPath {
        var path = place
        if let role = filter.role { path = path.with("role", role.rawValue) }
        if let kind = filter.kind { path = path.with("kind", kind.rawValue) }
        if let state = filter.state { path = path.with("state", state.rawValue) }
        if let scan = filter.scanID { path = path.with("scan", scan) }
        if let cause = filter.fingerprint { path = path.with("error", "\(cause)") }
        return path
    }

    /// For people who are about to act on all of them.
    var sentence: String {
        let parts = [
            filter.state.map { "in the state \($0.rawValue)" }, filter.kind.map { "of the kind \($0.rawValue)" },
            filter.role.map { "of the role \($0.rawValue)" }, filter.scanID.map { "of the scan \($0)" },
            filter.fingerprint.map { "with the cause \($0)" },
        ].compactMap { $0 }
        return "All tasks \(parts.isEmpty ? "that there are" : parts.joined(separator: ", "))."
    }

    /// For forms that act on all of them.
    var fields: HTML {
        let pairs = [
            (Self.role.name, filter.role?.rawValue), (Self.kind.name, filter.kind?.rawValue),
            (Self.state.name, filter.state?.rawValue), (Self.scan.name, filter.scanID),
            (Self.error.name, filter.fingerprint.map(String.init)),
        ]
        return pairs.reduce(HTML()) { html, pair in html + (pair.1.map { HTML.hidden(pair.0, $0) } ?? HTML()) }
    }
}
