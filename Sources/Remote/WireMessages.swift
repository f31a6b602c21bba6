import Contracts
import Domain
import Telemetry
import UseCases

// What travels between a worker and its server; the server's side is in Sources/API and in its OpenAPI document.

/// Random 64-bit numbers are text on the wire.
struct WireToken: Codable, Hashable, Sendable {
    let value: Int64

    init(_ value: Int64) { self.value = value }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Int64(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a number as text expected")
        }
        self.value = value
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(String(value))
    }
}

struct RegisterMessage: Encodable {
    let host: String
    let process_id: Int32
    let roles: [Role]
    let kinds: [String: Int]
    let slots: [String: Int]
    let version: String
    let held_slots: Int?
    let held_because: [HoldCause]?

    init(_ worker: WorkerRegistration) {
        (host, process_id, roles, version) = (worker.host, worker.processID, worker.roles, worker.version)
        kinds = worker.kinds.byName
        slots = worker.slots.byName
        (held_slots, held_because) = (worker.hold?.slots, worker.hold?.causes)
    }
}

struct LeaseMessage: Encodable {
    let worker: WireToken
    let token: WireToken
    let kinds: [String: Int]
    let max: Int
    let wait_seconds: Double
}

struct LeaseAnswer: Decodable {
    struct Item: Decodable {
        let task_id: Int64
        let lease: WireToken
        let task: TaskKind
        let version: Int
        let payload: String
        let run: Int
        /// Nil where nobody traces it.
        let traceparent: String?
    }

    let tasks: [Item]
}

struct RenewMessage: Encodable {
    let worker: WireToken
    let running: [Int64]
    let lease_seconds: Double
    let draining: Bool
}

struct RenewAnswer: Decodable {
    let cancelled: [Int64]
}

struct ResultsMessage: Encodable {
    let worker: WireToken
    let results: [ResultMessage]
}

struct ResultMessage: Encodable {
    struct FailureMessage: Encodable {
        let reason: Failure.Reason
        let message: String
        let retry_after_seconds: Double?
    }

    let task_id: Int64
    let lease: WireToken
    let run: Int?
    let status: String
    let outcome: OutcomeEnvelope?
    let failure: FailureMessage?
    let memory_bytes: Int64?
    let traceparent: String?

    init(_ settlement: Settlement) {
        task_id = settlement.lease.taskID
        lease = WireToken(settlement.lease.token)
        run = settlement.run
        memory_bytes = settlement.memoryBytes
        traceparent = settlement.trace?.text
        switch settlement.result {
        case .completed(let outcome):
            (status, self.outcome, failure) = ("completed", OutcomeEnvelope(outcome, scanID: nil), nil)
        case .failed(let failure):
            let message = FailureMessage(
                reason: failure.reason, message: failure.message, retry_after_seconds: failure.retryAfterSeconds)
            (status, outcome, self.failure) = ("failed", nil, message)
        case .released: (status, outcome, failure) = ("released", nil, nil)
        case .parked: (status, outcome, failure) = ("parked", nil, nil)
        }
    }
}

struct VerdictsAnswer: Decodable {
    let verdicts: [String]
}

struct WalkMessage: Encodable {
    let lease: WireToken
}

struct FoldersAnswer: Decodable {
    struct Folder: Decodable {
        let id: Int64
        let path: FilePath
    }

    let folders: [Folder]
}

struct ReportMessage: Encodable {
    let lease: WireToken
    let folders: [FolderMessage]
    /// Nil when a server asked for nothing.
    let gone: [FilePath]?
}

struct FolderMessage: Encodable {
    let path: FilePath
    let files: [FileMessage]
    /// Absent when nobody looked for them; a server that does not know them passes them over.
    let playlists: [FileMessage]?
    /// Absent when nobody looked for sheets.
    let cuts: [CutMessage]?

    init(_ listing: FolderListing) {
        path = listing.path
        cuts = listing.cuts?.map { CutMessage(name: FileName.encode($0.key), cut: $0.value) }
        files = listing.files.map(FileMessage.init)
        playlists = listing.playlists?.map(FileMessage.init)
    }
}

/// How a sheet cuts one file of the folder.
struct CutMessage: Encodable {
    let name: String
    let cut: SheetCut
}

/// `[name, size, mtime_ns, inode, device]`
struct FileMessage: Encodable {
    let file: ListedFile

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(FileName.encode(file.name))
        try container.encode(file.facts.size)
        try container.encode(file.facts.mtimeNs)
        try container.encode(file.facts.inode)
        try container.encode(file.facts.device)
    }
}

struct DirectiveAnswer: Decodable {
    let proceed: Bool
    /// Nil from a server that does not ask.
    let look_at: [FilePath]?
}

struct KnownAnswer: Decodable {
    let known: Bool
}

struct ProblemAnswer: Decodable {
    let detail: String
}

extension Dictionary where Key: RawRepresentable, Key.RawValue == String {
    /// As a JSON object; Swift writes dictionaries with other keys as lists.
    var byName: [String: Value] {
        Dictionary<String, Value>(uniqueKeysWithValues: map { ($0.key.rawValue, $0.value) })
    }
}
