/// What is looked for where files are shared.
package struct DownloadQuestion: Codable, Hashable, Sendable {
    package var artist: String
    package var title: String
    package var album: String?
    package var durationMs: Int?

    package init(artist: String, title: String, album: String? = nil, durationMs: Int? = nil) {
        self.artist = artist
        self.title = title
        self.album = album
        self.durationMs = durationMs
    }

    enum CodingKeys: String, CodingKey {
        case artist, title, album
        case durationMs = "duration_ms"
    }
}

/// A file that somebody shares.
package struct DownloadOffer: Codable, Hashable, Sendable {
    package var peer: String
    /// As the peer calls it; only these very characters find it again.
    package var fileName: String
    package var sizeBytes: Int64
    package var bitrateKbps: Int?
    package var sampleRate: Int?
    package var bitsPerSample: Int?
    package var durationMs: Int?
    package var hasFreeSlot: Bool
    /// Downloads that wait at the peer.
    package var queueLength: Int
    /// Bytes a second, as the peer has uploaded lately.
    package var uploadSpeed: Int
    /// How good it is for the question, 0...1.
    package var score: Double

    package init(
        peer: String, fileName: String, sizeBytes: Int64, bitrateKbps: Int? = nil, sampleRate: Int? = nil,
        bitsPerSample: Int? = nil, durationMs: Int? = nil, hasFreeSlot: Bool = true, queueLength: Int = 0,
        uploadSpeed: Int = 0, score: Double = 0
    ) {
        self.peer = peer
        self.fileName = fileName
        self.sizeBytes = sizeBytes
        self.bitrateKbps = bitrateKbps
        self.sampleRate = sampleRate
        self.bitsPerSample = bitsPerSample
        self.durationMs = durationMs
        self.hasFreeSlot = hasFreeSlot
        self.queueLength = queueLength
        self.uploadSpeed = uploadSpeed
        self.score = score
    }

    enum CodingKeys: String, CodingKey {
        case peer, score
        case fileName = "file_name"
        case sizeBytes = "size_bytes"
        case bitrateKbps = "bitrate_kbps"
        case sampleRate = "sample_rate"
        case bitsPerSample = "bits_per_sample"
        case durationMs = "duration_ms"
        case hasFreeSlot = "has_free_slot"
        case queueLength = "queue_length"
        case uploadSpeed = "upload_speed"
    }
}

/// By what a download that was started is found again.
package struct DownloadTicket: Codable, Hashable, Sendable {
    package var peer: String
    package var id: String
    package var fileName: String

    package init(peer: String, id: String, fileName: String) {
        self.peer = peer
        self.id = id
        self.fileName = fileName
    }

    enum CodingKeys: String, CodingKey {
        case peer, id
        case fileName = "file_name"
    }
}

package struct DownloadProgress: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case waiting, running, done
        /// Another try, or another peer, may do better.
        case failed(String)
        /// This peer will not give it.
        case rejected(String)
        case cancelled
    }

    package var state: State
    package var receivedBytes: Int64
    package var sizeBytes: Int64
    /// In the peer's queue; nil when nobody says.
    package var placeInQueue: Int?

    package init(state: State, receivedBytes: Int64, sizeBytes: Int64, placeInQueue: Int? = nil) {
        self.state = state
        self.receivedBytes = receivedBytes
        self.sizeBytes = sizeBytes
        self.placeInQueue = placeInQueue
    }
}
