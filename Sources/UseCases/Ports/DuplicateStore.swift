import Domain

/// Which recordings are there more than once, as the database keeps it.
package protocol DuplicateStore: Sendable {
    // MARK: what people read

    /// Groups of which at least two files are present, in an order that stays. Throws `preconditionFailed` for a cursor that
    /// it did not make.
    func groups(_ page: PageRequest) async throws -> Page<StoredDuplicates>
    /// The present files of the track's recording; the track itself is always among them. Throws `notFound`.
    func group(ofTrack id: Int64) async throws -> StoredDuplicates
    func progress() async throws -> DuplicateProgress

    // MARK: what compares

    /// Up to where the log of changes was worked through.
    func place() async throws -> Int64
    /// What changed after that, oldest first. The log is that of `Catalogue.vectorChanges`.
    func changes(after sequence: Int64, limit: Int) async throws -> [RecordingChange]
    /// What these tracks hold; those that are gone or were not heard are left out.
    func recordings(ofTracks ids: [Int64]) async throws -> [Recording]
    /// What each of these contents was paired with before.
    func partners(of contentKeys: [String]) async throws -> [String: [Recording]]
    /// Everything of one step, or nothing: false when another process was faster.
    func settle(_ step: DuplicateStep) async throws -> Bool
}

package struct RecordingChange: Hashable, Sendable {
    package var sequence: Int64
    /// Nil where there is nothing to compare: no file, not heard, or compared already as it is.
    package var recording: Recording?

    package init(sequence: Int64, recording: Recording?) {
        self.sequence = sequence
        self.recording = recording
    }
}

/// What came of comparing some recordings with all that could be the same.
package struct DuplicateStep: Sendable {
    package let from: Int64
    package let to: Int64
    package var compared: [Recording] = []
    /// All that hold for the compared ones; those that were known before and are not here do not hold any more.
    package var pairs: [DuplicatePair] = []

    package init(from: Int64, to: Int64) {
        self.from = from
        self.to = to
    }
}

package struct StoredDuplicates: Hashable, Sendable {
    /// Stays as long as the group does.
    package let id: String
    package let tracks: [Track]
    package let pairs: [DuplicatePair]

    package init(id: String, tracks: [Track], pairs: [DuplicatePair]) {
        self.id = id
        self.tracks = tracks
        self.pairs = pairs
    }
}

package struct DuplicateProgress: Hashable, Sendable {
    /// Recordings that were compared.
    package var compared = 0
    /// Those of them that have no fingerprint.
    package var withoutFingerprint = 0
    /// Changes in the library that were not looked at yet.
    package var waiting = 0

    package init() {}
}
