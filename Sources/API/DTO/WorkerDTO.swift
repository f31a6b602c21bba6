import Contracts
import Domain
import UseCases

extension Shape where Value == Int64 {
    /// Worker ids are random 64-bit numbers, which JSON readers with doubles would spoil, so they are written as text.
    static let workerID = Shape(Schema(["type": "string", "pattern": "^-?[0-9]+$"])) { $1.string(String($0)) }
}

extension Shape where Value == WorkerStatus {
    static let worker = Shape.object("Worker") {
        Field("id", .workerID) { $0.registration.id }
        Field("host", .text) { $0.registration.host }
        Field("process_id", .count) { Int($0.registration.processID) }
        Field("version", .text) { $0.registration.version }
        Field("roles", Shape<Role>.choice.list) { $0.registration.roles }
        Field("kinds", Shape<WorkerKind>.workerKind.list, "What it can run.") { WorkerKind.all(of: $0.registration) }
        Field("slots", Shape<WorkerSlots>.workerSlots.list, "How many tasks of a role it runs at once.") {
            WorkerSlots.all(of: $0.registration)
        }
        Field("started_at", .time) { $0.startedAt }
        Field("last_seen_at", .time) { $0.lastSeenAt }
        Field("alive", .flag) { $0.isAlive }
        Field("draining", .flag, "It takes no new tasks.") { $0.isDraining }
        Field("running", Shape<Int64>.integer.list, "Ids of the tasks it runs now.") { $0.running }
    }
}

/// One line of what a worker can run.
struct WorkerKind: Sendable {
    let kind: TaskKind
    let version: Int

    static func all(of worker: WorkerRegistration) -> [WorkerKind] {
        TaskKind.allCases.compactMap { kind in worker.kinds[kind].map { WorkerKind(kind: kind, version: $0) } }
    }
}

extension Shape where Value == WorkerKind {
    static let workerKind = Shape.object("WorkerKind") {
        Field("task", .choice) { $0.kind }
        Field("version", .count, "The newest payload version it understands.") { $0.version }
    }
}

struct WorkerSlots: Sendable {
    let role: Role
    let slots: Int

    static func all(of worker: WorkerRegistration) -> [WorkerSlots] {
        Role.allCases.compactMap { role in worker.slots[role].map { WorkerSlots(role: role, slots: $0) } }
    }
}

extension Shape where Value == WorkerSlots {
    static let workerSlots = Shape.object("WorkerSlots") {
        Field("role", .choice) { $0.role }
        Field("slots", .count) { $0.slots }
    }
}
