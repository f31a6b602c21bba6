import Contracts
import Domain
import Telemetry

struct FailureView: Decodable, Sendable {
    var reason: String
    var message: String

    var text: String { "\(reason): \(message)" }
}

struct TaskView: Decodable, Sendable {
    var id: Int64
    var task: String
    var version: Int?
    var state: String
    var priority: String?
    var payload: JSONValue?
    var scanID: String?
    var parentID: Int64?
    var runCount: Int?
    var quarantined: Bool?
    var createdAt: String?
    var runAt: String?
    var finishedAt: String?
    var lastFailure: FailureView?
    /// Only in the answer for one task.
    var runs: [RunView]?
    var events: [EventView]?
    /// Nil from an older server.
    var waitingFor: [WaitView]?

    struct WaitView: Decodable, Sendable {
        var detail: String
        var until: String?
    }

    struct RunView: Decodable, Sendable {
        var run: Int
        var workerID: String?
        var end: String
        var claimedAt: String?
        var finishedAt: String?
        var failure: FailureView?
        var memoryBytes: Int64?

        enum CodingKeys: String, CodingKey {
            case run, end, failure
            case workerID = "worker_id"
            case claimedAt = "claimed_at"
            case finishedAt = "finished_at"
            case memoryBytes = "memory_bytes"
        }
    }

    struct EventView: Decodable, Sendable {
        var at: String
        var type: String
        var actor: String?
        var detail: String?
    }

    /// What the task works on, as far as its payload tells.
    var subject: String? {
        for name in ["file_path", "path"] {
            guard case .string(let encoded)? = payload?[name] else { continue }
            return FilePath(encoded: encoded)?.display ?? encoded
        }
        if case .integer(let id)? = payload?["track_id"] { return "track \(id)" }
        return nil
    }

    var failureLine: String {
        ControlCharacters.escaped("task \(id) (\(task)) \(lastFailure?.text ?? "no reason is known")")
    }

    enum CodingKeys: String, CodingKey {
        case id, task, version, state, priority, payload, quarantined, runs, events
        case runCount = "run_count"
        case scanID = "scan_id"
        case parentID = "parent_id"
        case createdAt = "created_at"
        case runAt = "run_at"
        case finishedAt = "finished_at"
        case lastFailure = "last_failure"
        case waitingFor = "waiting_for"
    }
}

struct RetriedView: Decodable, Sendable {
    var retried: Int
}

struct CancelledView: Decodable, Sendable {
    var cancelled: Int
}

struct QueueView: Decodable, Sendable {
    var role: String
    var paused: Bool
    var ready: Int
    var running: Int
    var scheduled: Int
    var parked: Int
    var dead: Int
    var oldestReadyAgeSeconds: Double?
    /// Nil from an older server.
    var served: Bool?

    /// True when tasks wait and nobody is there to take them.
    var isForsaken: Bool { served == false && ready + scheduled > 0 }

    enum CodingKeys: String, CodingKey {
        case role, paused, ready, running, scheduled, parked, dead, served
        case oldestReadyAgeSeconds = "oldest_ready_age_seconds"
    }
}

struct WorkerView: Decodable, Sendable {
    var id: String
    var host: String
    var processID: Int
    var version: String
    var roles: [String]
    var alive: Bool
    var draining: Bool
    var running: [Int64]
    /// These are nil from an older server.
    var slots: [SlotsView]?
    var lastSeenSeconds: Double?
    var tasks: [BusyView]?
    /// Nil also where nothing holds it back.
    var heldSlots: Int?
    var heldBecause: [String]?

    struct SlotsView: Decodable, Sendable {
        var role: String
        var slots: Int
    }

    struct BusyView: Decodable, Sendable {
        var task: String
        var path: String?
    }

    enum CodingKeys: String, CodingKey {
        case id, host, version, roles, alive, draining, running, slots, tasks
        case lastSeenSeconds = "last_seen_seconds"
        case heldSlots = "held_slots"
        case heldBecause = "held_because"
        case processID = "process_id"
    }

    /// `indexer,audio x2`
    var work: String {
        roles.map { role in
            let count = slots?.first { $0.role == role }?.slots ?? 1
            return count > 1 ? "\(role) x\(count)" : role
        }.joined(separator: ",")
    }

    /// `analyze_audio 03 Ember.flac (+2)`
    var doing: String {
        guard let first = tasks?.first else { return running.isEmpty ? "" : "\(running.count) tasks" }
        let name = first.path.flatMap { FilePath(encoded: $0) }.map {
            " " + String(decoding: $0.lastComponent, as: UTF8.self)
        }
        let more = running.count > 1 ? " (+\(running.count - 1))" : ""
        return first.task + (name ?? "") + more
    }

    /// `alive`, or `alive, held to 1 by heat`.
    var state: String {
        guard alive else { return "gone" }
        let state = draining ? "stopping" : "alive"
        return heldSlots.map { "\(state), held to \($0) by \((heldBecause ?? []).joined(separator: ", "))" } ?? state
    }
}
