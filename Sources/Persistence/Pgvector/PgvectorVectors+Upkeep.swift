import Synchronization
import UseCases

/// Filling the table from the log of changes, and the index.
extension PgvectorVectors {
    /// Changes in one transaction: what others wait for, and what is done again after a crash.
    private static let changesPerStep = 1000
    /// The log hears of a long copy each time that many changes are done.
    private static let changesPerReport = 10_000

    package func keepUp() async throws {
        try await forgetting {
            // At rest nothing is written, and no row is locked.
            let count = try await behind() == 0 ? 0 : fill { [tell] count in tell(.filling(count)) }
            if count >= Self.changesPerReport { tell(.filled(count)) }
            try await keepIndex()
        }
    }

    /// Copies all that is new. Answers how many changes that were.
    @discardableResult
    func fill(_ report: @Sendable (Int) -> Void = { _ in }) async throws -> Int {
        var (done, reported) = (0, 0)
        var mayBeOther = false
        while true {
            let state = try await current()
            let step = try await step(state)
            done += step.changes
            mayBeOther = mayBeOther || step.metOtherLength
            if done - reported >= Self.changesPerReport {
                report(done)
                reported = done
            }
            if step.changes > 0 { continue }
            guard mayBeOther, let length = try await lengthOfMost(state) else { return done }
            tell(.newSpace(old: state.entry.table.column.dimension, new: length))
            try await begin(anew: length, in: state)
            mayBeOther = false
        }
    }

    private struct Step: Sendable {
        var changes = 0
        var metOtherLength = false
    }

    /// One transaction. Others who fill the same table wait for it, and then go on behind it.
    private func step(_ state: State) async throws -> Step {
        let model = model
        let (step, news) = try await write { connection -> (Step, PgvectorEvent?) in
            let registry = PgvectorRegistry(connection: connection)
            guard let sequence = try registry.lockedSequence(state.entry) else { throw PgvectorProblem.gone }
            let changes = try DatabaseCatalogue.vectorChanges(
                model: model, after: sequence, limit: Self.changesPerStep, connection)
            guard let last = changes.last else { return (Step(), nil) }
            var news: PgvectorEvent?
            for change in changes {
                if try !Self.put(change, in: state.entry.table, connection), let length = change.vector?.count {
                    news = .otherLength(
                        trackID: change.trackID, length: length, dimension: state.entry.table.column.dimension)
                }
            }
            try registry.setSequence(state.entry, last.sequence)
            return (Step(changes: changes.count, metOtherLength: news != nil), news)
        }
        if let news { tell(news) }
        return step
    }

    /// False for a vector of another length.
    private static func put(
        _ change: VectorChange, in table: PgvectorTable, _ connection: any Connection
    ) throws -> Bool {
        guard let vector = change.vector, table.column.fit(vector) != .unusable else {
            try table.remove(change.trackID, connection)
            return true
        }
        try table.put(change.trackID, vector, connection)
        return vector.count == table.column.dimension
    }

    /// Nil while the table's own length is that of the most.
    private func lengthOfMost(_ state: State) async throws -> Int? {
        var counts = try await read { try state.entry.table.counts($0) }
        let own = counts.removeValue(forKey: state.entry.table.column.dimension) ?? 0
        guard let most = counts.max(by: { $0.value < $1.value }), most.value > own,
            (1...PgvectorColumn.maxDimension).contains(most.key)
        else { return nil }
        return most.key
    }

    // MARK: the index

    /// While another server builds it.
    private static let pauseBesideAnother = Duration.seconds(60)
    /// A disk that is full stays so for a while, and each try reads the whole table.
    private static let pauseAfterFailure = Duration.seconds(600)

    /// Begins to build it, once, where it is missing; answers are exact and slower until it is there.
    private func keepIndex() async throws {
        let state = try await current()
        guard !state.isIndexed, state.entry.table.column.mayBeIndexed else { return }
        if try await read({ try state.entry.table.indexState($0) }) == .ready { return setIndexed() }
        let isMine = isBuilding.withLock { isBuilding in
            defer { isBuilding = true }
            return !isBuilding
        }
        guard isMine else { return }
        // Nobody awaits it: it takes minutes, and whoever stops the server should not have to. The server ends what has
        // lost its client, and what is left of it is dropped at the next start.
        Task { [self] in
            let start = ContinuousClock.now
            do {
                tell(.indexing)
                let isBuilt = try await PgvectorIndexBuild(table: state.entry.table).run(on: database)
                if isBuilt {
                    tell(.indexed(ContinuousClock.now - start))
                } else {
                    try await Task.sleep(for: Self.pauseBesideAnother)
                }
            } catch {
                tell(.failed("\(error)"))
                try? await Task.sleep(for: Self.pauseAfterFailure)  // nobody cancels this task
            }
            isBuilding.withLock { $0 = false }
        }
    }
}
