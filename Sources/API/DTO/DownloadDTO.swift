import Domain

extension Shape where Value == DownloadRecord {
    static let download = Shape.object("Download") {
        Field("id", .text, "A UUID.") { $0.id }
        Field("state", .choice) { $0.state }
        Field("question", .downloadQuestion) { $0.question }
        Field("prefer", .choice, "Which of two offers is taken first.") { $0.preference }
        Field(optional: "task_id", .integer) { $0.taskID }
        Field(optional: "peer", .text, "Who gives it, or would be asked next.") { $0.plan.current?.peer }
        Field(optional: "file_name", .text, "As the peer calls it.") { $0.plan.current?.fileName }
        Field("received_bytes", .integer) { $0.receivedBytes }
        Field(optional: "size_bytes", .integer) { $0.sizeBytes }
        Field("offers_left", .count, "Peers that are still to be tried, this one included.") {
            $0.plan.offers?.count ?? 0
        }
        Field(optional: "message", .text, "What it waits for, or why it failed.") { $0.message }
        Field("problems", Shape<String>.text.list, "Why offers were given up, the latest last.") { $0.plan.problems }
        Field(optional: "path", .path, "Where the file is in the library, once it is done.") { $0.path }
        Field("created_at", .time) { $0.createdAt }
        Field("updated_at", .time) { $0.updatedAt }
    }

    /// The answer to a new download.
    static let acceptedDownload = Shape.object("DownloadAccepted") {
        Field("download_id", .text) { $0.id }
        Field(optional: "task_id", .integer) { $0.taskID }
    }
}

extension Shape where Value == DownloadQuestion {
    static let downloadQuestion = Shape.object("DownloadQuestion") {
        Field("artist", .text) { $0.artist }
        Field("title", .text) { $0.title }
        Field(optional: "album", .text) { $0.album }
        Field(optional: "duration_ms", .count) { $0.durationMs }
    }
}

extension Shape where Value == DownloadOffer {
    static let offer = Shape.object("DownloadOffer") {
        Field("score", .number, "How good it is for the question, 0 to 1.") { $0.score }
        Field("peer", .text) { $0.peer }
        Field("file_name", .text, "As the peer calls it.") { $0.fileName }
        Field("size_bytes", .integer) { $0.sizeBytes }
        Field("lossless", .flag) { $0.isLossless }
        Field(optional: "bitrate_kbps", .count) { $0.bitrateKbps }
        Field(optional: "sample_rate", .count) { $0.sampleRate }
        Field(optional: "bits_per_sample", .count) { $0.bitsPerSample }
        Field(optional: "duration_ms", .count) { $0.durationMs }
        Field("free_slot", .flag, "The peer would begin at once.") { $0.hasFreeSlot }
        Field("queue_length", .count) { $0.queueLength }
        Field("upload_speed", .count, "Bytes a second, as the peer has uploaded lately.") { $0.uploadSpeed }
    }
}
