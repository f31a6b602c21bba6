import API
import Domain

/// What a server answers, as far as the commands use it. Enumerations are text here: a newer server may know more.
struct ScanView: Decodable, Sendable {
    var id: String
    var path: String
    var state: String
    var until: String?
    /// Nil from an older server.
    var cause: String?
    var progress: ScanProgress
    var notice: String?
    var createdAt: String?
    var walkedAt: String?
    var finishedAt: String?

    var isEnded: Bool { ["finished", "cancelled", "failed"].contains(state) }
    var isWalked: Bool { walkedAt != nil || isEnded }

    /// Who wanted it, unless somebody asked.
    var causeWords: String? { cause.flatMap(Scan.Cause.init)?.words }

    /// "The scan …"
    var verb: String {
        switch state {
        case "finished": "is finished"
        case "cancelled": "was cancelled"
        case "failed": "failed"
        default: "is \(state)"
        }
    }

    enum CodingKeys: String, CodingKey {
        case id, path, state, until, cause, progress, notice
        case createdAt = "created_at"
        case walkedAt = "walked_at"
        case finishedAt = "finished_at"
    }
}

struct StartedScanView: Decodable, Sendable {
    var scanID: String

    enum CodingKeys: String, CodingKey {
        case scanID = "scan_id"
    }
}

struct ProblemView: Decodable {
    var detail: String?
}

/// A list, or one page of it.
struct PageView<Item: Decodable & Sendable>: Decodable, Sendable {
    var items: [Item]
    var nextCursor: String?

    enum CodingKeys: String, CodingKey {
        case items
        case nextCursor = "next_cursor"
    }
}
