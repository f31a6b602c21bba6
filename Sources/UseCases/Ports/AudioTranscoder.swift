import Domain

/// Encodes a file anew while somebody takes it. Nothing of it is kept.
package protocol AudioTranscoder: Sendable {
    /// Answers when the first bytes are there: what cannot be decoded at all throws here, a `Failure`. Throws
    /// `TranscodersBusy` when as many run as may. Who has least then gets the place of one that another account has too many of.
    func begin(_ job: TranscodeJob) async throws -> any TranscodedAudio
}

package struct TranscodeJob: Sendable {
    /// Nothing outside its root is opened.
    package var file: MediaFile
    package var profile: TranscodeProfile
    /// What of the file is meant; the profile's beginning counts from there. Nil for all of it.
    package var stretch: Stretch?
    package var labels = Labels()
    /// Who listens; nil where nobody in particular does.
    package var accountID: Int64?

    /// What players show.
    package struct Labels: Hashable, Sendable {
        package var title: String?
        package var artist: String?
        package var album: String?

        package init(title: String? = nil, artist: String? = nil, album: String? = nil) {
            self.title = title
            self.artist = artist
            self.album = album
        }
    }

    package init(
        file: MediaFile, profile: TranscodeProfile, stretch: Stretch? = nil, labels: Labels = Labels(),
        accountID: Int64? = nil
    ) {
        self.file = file
        self.profile = profile
        self.stretch = stretch
        self.labels = labels
        self.accountID = accountID
    }
}

/// Encoded audio on its way. Ends when nobody holds it any more.
package protocol TranscodedAudio: AnyObject, Sendable {
    /// The next bytes, none at the end. It waits for the encoder, which waits for whoever calls this: one at a time. Throws
    /// a `Failure` when what came before is not all.
    func next() async throws -> [UInt8]

    /// Nothing more is wanted.
    func stop()
}

/// As many files are encoded as this device may at once.
package struct TranscodersBusy: Error {
    package let retryAfterSeconds: Double

    package init(retryAfterSeconds: Double) {
        self.retryAfterSeconds = retryAfterSeconds
    }
}
