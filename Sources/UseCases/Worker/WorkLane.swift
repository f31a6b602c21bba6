import Domain

/// One loop of a worker: it leases up to `batch` tasks of its kinds, runs them side by side, settles them, and goes on.
package struct WorkLane: Hashable, Sendable {
    package let kinds: [TaskKind]
    package let batch: Int

    package init(kinds: [TaskKind], batch: Int) {
        precondition(!kinds.isEmpty && batch > 0, "a lane needs kinds and room for a task")
        self.kinds = kinds
        self.batch = batch
    }

    /// Most of their time these wait for an answer.
    private static let serviceBatch = 2
    private static let outboxesAtOnce = 4

    /// The lanes of a worker with these roles on this device.
    ///
    /// A walk has a lane of its own, because it lasts as long as the tree is large. Two index lanes overlap parsing
    /// with settling. Audio is leased one by one, so that a slot never sits on work that another could do.
    /// Words have a lane of their own, since a service outside may be slow; without a model for them there is none.
    /// - Parameter services: what can be asked of services outside here; each kind has a lane, so that none holds up
    ///   another.
    package static func plan(
        roles: Set<Role>, profile: DeviceProfile, hasTextModels: Bool = false, services: Set<TaskKind> = []
    ) -> [WorkLane] {
        var lanes: [WorkLane] = []
        if roles.contains(.indexer) {
            lanes.append(WorkLane(kinds: [.scanLibrary], batch: 1))
            lanes += Array(
                repeating: WorkLane(kinds: [.indexFile, .noop], batch: profile.indexBatch),
                count: profile.indexerSlots + 1)
        }
        if roles.contains(.audio) {
            lanes += Array(repeating: WorkLane(kinds: [.analyzeAudio], batch: 1), count: profile.audioSlots)
        }
        if roles.contains(.vector) {
            lanes.append(WorkLane(kinds: [.vectorizeTrack, .projectMap], batch: profile.vectorBatch))
            if hasTextModels { lanes.append(WorkLane(kinds: [.vectorizeText], batch: profile.textBatch)) }
        }
        if roles.contains(.downloader) {
            // One slot for all questions about music, since their quotas let no more through.
            let questions = [TaskKind.enrichArtist, .enrichAlbum, .enrichTrack].filter(services.contains)
            if !questions.isEmpty { lanes.append(WorkLane(kinds: questions, batch: 1)) }
        }
        for kind in [TaskKind.submitListens, .downloadArtwork, .downloadTrack]
        where services.contains(kind) && roles.contains(kind.role) {
            lanes.append(WorkLane(kinds: [kind], batch: kind == .submitListens ? outboxesAtOnce : serviceBatch))
        }
        return lanes
    }
}
