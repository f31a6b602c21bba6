import Domain

/// `download_track` v1: get one piece of music from those who share it, and put it into the library.
package struct DownloadTrackPayload: Codable, Hashable, Sendable {
    /// Names the download; its state is kept apart from the task.
    package var downloadID: String
    package var question: DownloadQuestion
    /// `any` when absent.
    package var preference: DownloadPreference?

    package init(downloadID: String, question: DownloadQuestion, preference: DownloadPreference? = nil) {
        self.downloadID = downloadID
        self.question = question
        self.preference = preference
    }

    package var dedupeKey: String { "download_track:\(downloadID)" }

    enum CodingKeys: String, CodingKey {
        case question
        case downloadID = "download_id"
        case preference = "prefer"
    }
}

/// `download_complete` v1: a file that was checked lies in the library.
package struct DownloadCompleteOutcome: Codable, Hashable, Sendable {
    package var downloadID: String
    package var filePath: FilePath
    package var rootPath: FilePath
    package var sizeBytes: Int64

    package init(downloadID: String, filePath: FilePath, rootPath: FilePath, sizeBytes: Int64) {
        self.downloadID = downloadID
        self.filePath = filePath
        self.rootPath = rootPath
        self.sizeBytes = sizeBytes
    }

    enum CodingKeys: String, CodingKey {
        case downloadID = "download_id"
        case filePath = "file_path"
        case rootPath = "root_path"
        case sizeBytes = "size_bytes"
    }
}
