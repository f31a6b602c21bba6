import Foundation

struct DownloadView: Decodable, Sendable {
    struct Question: Decodable, Sendable {
        var artist: String
        var title: String

        var text: String { artist.isEmpty ? title : "\(artist) – \(title)" }
    }

    var id: String
    var state: String
    var question: Question
    var peer: String?
    var receivedBytes: Int64
    var sizeBytes: Int64?
    var message: String?
    var path: String?

    enum CodingKeys: String, CodingKey {
        case id, state, question, peer, message, path
        case receivedBytes = "received_bytes"
        case sizeBytes = "size_bytes"
    }

    var isOver: Bool { ["done", "failed", "cancelled"].contains(state) }

    /// `43 %`; empty while nobody knows.
    var share: String {
        guard let sizeBytes, sizeBytes > 0, state != "waiting", state != "searching" else { return "" }
        return "\(min(100, Int(Double(max(0, receivedBytes)) / Double(sizeBytes) * 100))) %"
    }
}

struct DownloadOfferView: Decodable, Sendable {
    var score: Double
    var peer: String
    var fileName: String
    var sizeBytes: Int64
    var bitrateKbps: Int?
    var durationMs: Int?
    var freeSlot: Bool

    enum CodingKeys: String, CodingKey {
        case score, peer
        case fileName = "file_name"
        case sizeBytes = "size_bytes"
        case bitrateKbps = "bitrate_kbps"
        case durationMs = "duration_ms"
        case freeSlot = "free_slot"
    }
}

struct AcceptedTaskView: Decodable, Sendable {
    var taskID: Int64

    enum CodingKeys: String, CodingKey { case taskID = "task_id" }
}

struct DownloadAcceptedView: Decodable, Sendable {
    var downloadID: String
    var taskID: Int64?

    enum CodingKeys: String, CodingKey {
        case downloadID = "download_id"
        case taskID = "task_id"
    }
}
