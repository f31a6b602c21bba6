import Domain

/// One loop of a worker: it leases up to `batch` tasks of its kinds, runs them side by side, settles them, and goes on.
package struct WorkLane: Hashable, Sendable {
    package let kinds: [TaskKind]
    package let batch: Int
    /// Of a lane with heavy work, its place among those, from 0: the last ones step back first. Nil for others.
    package let heavyPlace: Int?

    package init(kinds: [TaskKind], batch: Int, heavyPlace: Int? = nil) {
        precondition(!kinds.isEmpty && batch > 0, "a lane needs kinds and room for a task")
        self.kinds = kinds
        self.batch = batch
        self.heavyPlace = heavyPlace
    }

    /// Most of their time these wait for an answer.
    private static let serviceBatch = 2
    private static let outboxesAtOnce = 4
    private static let downloadsAtOnce = 2
    private static let deliveriesAtOnce = 4

    /// What is asked of services that know something of music.
    package static let questions: [TaskKind] = [.enrichArtist, .enrichAlbum, .enrichTrack]

    /// The lanes of a worker with these roles on this device.
    ///
    /// A walk has a lane of its own, because it lasts as long as the tree is large. Two index lanes overlap parsing
    /// with settling. Audio is leased one by one, so that a slot never sits on work that another could do.
    /// Words have a lane of their own, since a service outside may be slow; without a model for them there is none.
    /// - Parameter services: what can be asked of services outside here; each kind has a lane, so that none holds up
    ///   another. Questions about music share one slot, since the quotas of these services let no more through.
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
            lanes += (0..<profile.audioSlots).map { WorkLane(kinds: [.analyzeAudio], batch: 1, heavyPlace: $0) }
        }
        if roles.contains(.vector) {
            lanes.append(WorkLane(kinds: [.vectorizeTrack, .projectMap], batch: profile.vectorBatch))
            if hasTextModels { lanes.append(WorkLane(kinds: [.vectorizeText], batch: profile.textBatch)) }
        }
        let wanted = TaskKind.allCases.filter { services.contains($0) && roles.contains($0.role) }
        for kind in wanted where !questions.contains(kind) {
            switch kind {
            // Hours in one peer's queue must not hold up the next download, nor one receiver that hangs all others.
            case .downloadTrack: lanes += Self.alone(kind, downloadsAtOnce)
            case .deliverWebhook: lanes += Self.alone(kind, deliveriesAtOnce)
            case .submitListens: lanes.append(WorkLane(kinds: [kind], batch: outboxesAtOnce))
            default: lanes.append(WorkLane(kinds: [kind], batch: serviceBatch))
            }
        }
        let asked = questions.filter(wanted.contains)
        if !asked.isEmpty { lanes.append(WorkLane(kinds: asked, batch: 1)) }
        return lanes
    }

    private static func alone(_ kind: TaskKind, _ count: Int) -> [WorkLane] {
        Array(repeating: WorkLane(kinds: [kind], batch: 1), count: count)
    }
}
