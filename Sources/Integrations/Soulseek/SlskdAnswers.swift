import Domain

/// What slskd answers, as far as it is used. Null properties are left out.
enum SlskdAnswers {
    struct Search: Decodable, Sendable {
        let id: String
        let state: String?
        let isComplete: Bool?
    }

    struct Response: Decodable, Sendable {
        struct File: Decodable, Sendable {
            let filename: String
            let size: LooseNumber?
            let bitRate: LooseNumber?
            let bitDepth: LooseNumber?
            let sampleRate: LooseNumber?
            /// Seconds.
            let length: LooseNumber?
            let isLocked: Bool?
        }

        let username: String
        let hasFreeUploadSlot: Bool?
        let queueLength: LooseNumber?
        /// Bytes a second.
        let uploadSpeed: LooseNumber?
        let files: LooseList<File>?
    }

    struct Transfer: Decodable, Sendable {
        let id: String
        let username: String?
        let filename: String?
        let size: LooseNumber?
        /// Flags, such as `Completed, Succeeded`.
        let state: String?
        let bytesTransferred: LooseNumber?
        let placeInQueue: LooseNumber?
        let exception: LooseText?
    }

    /// By the older way.
    struct Enqueued: Decodable, Sendable {
        let enqueued: LooseList<Transfer>?
    }

    struct BatchAnswer: Decodable, Sendable {
        struct Batch: Decodable, Sendable {
            let transfers: LooseList<Transfer>?
        }

        struct Refusal: Decodable, Sendable {
            let filename: String?
            let message: LooseText?
        }

        let batch: Lenient<Batch>?
        let failures: LooseList<Refusal>?
    }

    struct Downloads: Decodable, Sendable {
        struct Directory: Decodable, Sendable {
            let files: LooseList<Transfer>?
        }

        let directories: LooseList<Directory>?

        var transfers: [Transfer] { (directories?.items ?? []).flatMap { $0.files?.items ?? [] } }
    }

    struct Event: Decodable, Sendable {
        let type: String
        /// JSON by itself.
        let data: String
    }

    struct FileComplete: Decodable, Sendable {
        let localFilename: String
        let remoteFilename: String?
        let transfer: Lenient<Transfer>?
    }
}
