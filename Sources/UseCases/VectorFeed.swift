import Domain
import Logging
import Similarity
import Synchronization
import Telemetry

/// The vectors of one model in memory, in step with the database: who asks gets all that was committed before, whichever
/// process wrote it, and there is nothing to rebuild.
package final class VectorFeed: NearestVectors {
    private let catalogue: any Catalogue
    package let model: String
    private let logger: Logger
    private let space: Mutex<VectorSpace>
    private let catchingUp = SharedRun()

    /// Changes read in one step while the index catches up.
    private static let changesPerStep = 5000

    package init(catalogue: any Catalogue, model: String, dimension: Int, logger: Logger) {
        self.catalogue = catalogue
        self.model = model
        self.logger = logger
        space = Mutex(VectorSpace(dimension: dimension))
    }

    /// What was read by now. A copy, to be searched without a lock.
    package var index: VectorIndex { space.withLock { $0.index } }

    package func catchUp(until last: Int64) async throws {
        guard space.withLock({ $0.sequence }) < last else { return }
        try await keepUp()
    }

    package func prepare() {}
    package func keepUp() async throws { try await catchingUp.join { [self] in try await readChanges() } }

    /// Searches a copy: nobody waits for a search, and no search for what is written meanwhile.
    package func nearest(to point: [Float], limit: Int, passing gate: VectorGate) throws -> [Neighbour] {
        try index.nearest(to: point, limit: limit, where: gate.admits)
    }

    package func vectors(of ids: [Int64]) -> [Int64: [Float]] {
        let index = index
        return ids.reduce(into: [:]) { $0[$1] = index.vector($1) }
    }

    package var held: Int? { index.count }
    package var heldBytes: Int? { index.bytes }
    package var dimension: Int { index.dimension }
    package func all(of ids: [Int64]) -> VectorIndex { index }

    /// Where nothing has changed this is one look at the end of an index of the database.
    private func readChanges() async throws {
        while true {
            if space.withLock({ $0.sequence }) == 0 { try await readAll() }
            let after = space.withLock { $0.sequence }
            let changes = try await catalogue.vectorChanges(model: model, after: after, limit: Self.changesPerStep)
            let news = space.withLock { $0.apply(changes) }
            for event in news { log(event) }
            if changes.isEmpty, news.isEmpty { return }
        }
    }

    private func readAll() async throws {
        let loading = Loading(space.withLock { VectorSpace(dimension: $0.index.dimension) })
        let last = try await catalogue.allVectors(model: model) { id, vector in
            if let event = loading.space.withLock({ $0.put(id, vector) }) { self.log(event) }
        }
        space.withLock { space in
            space = loading.space.withLock { $0 }
            space.sequence = last
        }
    }

    /// What is shown when it is whole.
    private final class Loading: Sendable {
        let space: Mutex<VectorSpace>

        init(_ space: VectorSpace) { self.space = Mutex(space) }
    }

    private func log(_ event: VectorSpace.Event) {
        switch event {
        case .otherLength(let trackID, let length, let dimension):
            logger.warning(
                "A vector of another length is left out of the answers",
                metadata: [
                    LogKeys.trackID: "\(trackID)", LogKeys.actual: "\(length)", LogKeys.expected: "\(dimension)",
                ])
        case .newSpace(let old, let new):
            logger.warning(
                "Most vectors of the model have another length now, so a new space begins",
                metadata: [LogKeys.expected: "\(old)", LogKeys.actual: "\(new)"])
        }
    }
}
