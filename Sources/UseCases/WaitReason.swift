import Domain

/// Why a task that waits does not run. Pure: it follows from what is asked of the queue, the workers and the services.
package enum WaitReason: Hashable, Sendable {
    case paused(Role)
    /// No living worker that takes new tasks has its kind.
    case noWorker(TaskKind)
    /// Those that have its kind know older versions of it only.
    case unknownVersion(Int)
    /// All that have its kind are held back by their devices.
    case heldBack([HoldCause])
    /// None of the services that it needs lets requests through; the next try of the first of them.
    case serviceAway(name: String, seconds: Double)
    /// Not before this time, in microseconds since the epoch: a schedule, or the pause before another try.
    case scheduled(at: Int64)
    /// Ready tasks that are handed out before it.
    case behind(Int)
    /// Nothing is in its way.
    case next

    /// A closed set, for programs.
    package enum Name: String, CaseIterable, Sendable {
        case paused
        case noWorker = "no_worker"
        case unknownVersion = "unknown_version"
        case heldBack = "held_back"
        case serviceAway = "service_away"
        case scheduled, behind, next
    }

    /// More tasks ahead than this are not counted.
    package static let maxAhead = 10_000

    /// What it depends on.
    package struct Facts: Sendable {
        package var pausedRoles: Set<Role>
        package var workers: [WorkerStatus]
        package var services: [ServiceStatus]
        package var ahead: Int

        package init(pausedRoles: Set<Role>, workers: [WorkerStatus], services: [ServiceStatus], ahead: Int) {
            self.pausedRoles = pausedRoles
            self.workers = workers
            self.services = services
            self.ahead = ahead
        }
    }

    /// Everything that is in its way, what somebody has to do something about first; none for what runs or has ended.
    package static func all(for task: TaskRecord, _ facts: Facts) -> [WaitReason] {
        guard task.state.isLive, task.state != .running else { return [] }
        var reasons: [WaitReason] = []
        if facts.pausedRoles.contains(task.kind.role) { reasons.append(.paused(task.kind.role)) }
        if let reason = missingWorker(for: task, facts.workers) { reasons.append(reason) }
        if let reason = heldBack(task.kind, facts.workers) { reasons.append(reason) }
        if let reason = closedService(for: task.kind, facts.services) { reasons.append(reason) }
        if task.state == .scheduled, let time = task.runAt { reasons.append(.scheduled(at: time)) }
        if task.state == .ready, facts.ahead > 0 { reasons.append(.behind(facts.ahead)) }
        return reasons.isEmpty ? [.next] : reasons
    }

    private static func missingWorker(for task: TaskRecord, _ workers: [WorkerStatus]) -> WaitReason? {
        let versions = workers.filter { $0.isAlive && !$0.isDraining }.compactMap { $0.registration.kinds[task.kind] }
        guard let newest = versions.max() else { return .noWorker(task.kind) }
        return newest < task.version ? .unknownVersion(task.version) : nil
    }

    /// Nil while one worker that may take tasks of the kind does.
    package static func heldBack(_ kind: TaskKind, _ workers: [WorkerStatus]) -> WaitReason? {
        guard kind.isHeavy else { return nil }
        let able = workers.filter { $0.isAlive && !$0.isDraining && $0.registration.kinds[kind] != nil }
        let holds = able.compactMap(\.registration.hold).filter { $0.slots == 0 }
        guard !able.isEmpty, holds.count == able.count else { return nil }
        let causes = Set(holds.flatMap(\.causes))
        return .heldBack(HoldCause.allCases.filter(causes.contains))
    }

    /// One of the services is enough; those that are not set up do not count.
    private static func closedService(for kind: TaskKind, _ services: [ServiceStatus]) -> WaitReason? {
        let needed = services.filter { service in
            service.policy != nil && kind.services.contains { service.isOf($0) }
        }
        let closed = needed.filter { $0.state == .open || $0.state == .blocked }
        guard !needed.isEmpty, closed.count == needed.count else { return nil }
        let waits = closed.map { (name: $0.name, seconds: $0.doors.map(\.waitSeconds).max() ?? 0) }
        return waits.min { $0.seconds < $1.seconds }.map { .serviceAway(name: $0.name, seconds: $0.seconds) }
    }

    package var name: Name {
        switch self {
        case .paused: .paused
        case .noWorker: .noWorker
        case .unknownVersion: .unknownVersion
        case .heldBack: .heldBack
        case .serviceAway: .serviceAway
        case .scheduled: .scheduled
        case .behind: .behind
        case .next: .next
        }
    }

    /// A sentence without its time, which readers show their own way.
    package var text: String {
        switch self {
        case .paused(let role): "the role \(role.rawValue) is paused"
        case .noWorker(let kind):
            "no living worker takes \(kind.rawValue); start one with: sillon worker --roles \(kind.role.rawValue)"
        case .unknownVersion(let version): "no living worker knows version \(version) of it"
        case .heldBack(let causes):
            "no worker takes heavy work now: \(causes.map(\.text).joined(separator: ", "))"
        case .serviceAway(let name, let seconds):
            "the service \(name) is left alone, for \(Int(min(seconds.rounded(.up), 1e9))) s more"
        case .scheduled: "its time has not come"
        case .behind(let count):
            count >= Self.maxAhead ? "it waits behind \(Self.maxAhead) tasks or more" : "it waits behind \(count) tasks"
        case .next: "nothing is in its way: the next free worker takes it"
        }
    }
}

extension ServiceStatus {
    /// `ollama:nomic-embed-text` is a model behind Ollama.
    fileprivate func isOf(_ id: ServiceID) -> Bool { name == id.rawValue || name.hasPrefix("\(id.rawValue):") }
}
