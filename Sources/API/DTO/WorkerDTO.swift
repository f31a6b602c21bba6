import Contracts
import Domain
import UseCases

extension Shape where Value == Int64 {
    /// Worker ids are random 64-bit numbers, which JSON readers with doubles would spoil, so they are written as text.
    static let workerID = Shape(Schema(["type": "string", "pattern": "^-?[0-9]+$"])) { $1.string(String($0)) }
}

/// A worker and what it does now.
struct BusyWorker: Sendable {
    let status: WorkerStatus
    let tasks: [TaskRecord]
    /// Microseconds since the epoch.
    let now: Int64

    /// Seconds since the last heartbeat.
    var silence: Double { max(0, (Double(now) - Double(status.lastSeenAt)) / 1_000_000) }
}

extension Shape where Value == BusyWorker {
    static let worker = Shape.object("Worker") {
        Field("id", .workerID) { $0.status.registration.id }
        Field("host", .text) { $0.status.registration.host }
        Field("process_id", .count) { Int($0.status.registration.processID) }
        Field("version", .text) { $0.status.registration.version }
        Field("roles", Shape<Role>.choice.list) { $0.status.registration.roles }
        Field("kinds", Shape<WorkerKind>.workerKind.list, "What it can run.") {
            WorkerKind.all(of: $0.status.registration)
        }
        Field("slots", Shape<WorkerSlots>.workerSlots.list, "How many tasks of a role it runs at once.") {
            WorkerSlots.all(of: $0.status.registration)
        }
        Field(optional: "held_slots", .count, "Slots for heavy work that may take something now; null for all.") {
            $0.status.registration.hold?.slots
        }
        Field("held_because", Shape<HoldCause>.choice.list, "Why not all.") {
            $0.status.registration.hold?.causes ?? []
        }
        Field("started_at", .time) { $0.status.startedAt }
        Field("last_seen_at", .time) { $0.status.lastSeenAt }
        Field("last_seen_seconds", .number, "Since the last heartbeat, by the server's clock.") { $0.silence }
        Field("alive", .flag) { $0.status.isAlive }
        Field("draining", .flag, "It takes no new tasks.") { $0.status.isDraining }
        Field("running", Shape<Int64>.integer.list, "Ids of the tasks it runs now.") { $0.status.running }
        Field("tasks", Shape<TaskRecord>.workerTask.list, "What it does now; the newest of all workers' tasks.") {
            $0.tasks
        }
    }
}

extension Shape where Value == TaskRecord {
    static let workerTask = Shape.object("WorkerTask") {
        Field("id", .integer) { $0.id }
        Field("task", .choice) { $0.kind }
        Field(optional: "path", .path, "The file or folder.") { $0.path }
        Field(optional: "claimed_at", .time) { $0.claimedAt }
    }
}

extension TaskRecord {
    /// The file or folder that the task is about, as far as this build can tell.
    var path: FilePath? {
        switch decodedPayload {
        case .scanLibrary(let scan): scan.path
        case .indexFile(let index): index.filePath
        case .analyzeAudio(let analyze): analyze.filePath
        case .downloadArtwork(let artwork): artwork.folders?.first
        case .vectorizeTrack, .vectorizeText, .projectMap, .submitListens, .downloadTrack, .enrich, .deliverWebhook,
            .noop, .noopChain, nil:
            nil
        }
    }

    /// Likewise the track.
    var trackID: Int64? {
        switch decodedPayload {
        case .analyzeAudio(let track): track.trackID
        case .vectorizeTrack(let track): track.trackID
        case .vectorizeText(let track): track.trackID
        default: nil
        }
    }

    /// Likewise the webhook that a message is for.
    var webhookID: Int64? {
        guard case .deliverWebhook(let message) = decodedPayload else { return nil }
        return message.webhookID
    }

    private var decodedPayload: TaskPayload? {
        do throws(TaskPayload.Problem) {
            return try TaskPayload.decode(kind: kind, version: version, json: payload)
        } catch {
            return nil  // a version that only its worker knows
        }
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
