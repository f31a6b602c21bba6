import Domain
import Similarity
import Synchronization

/// The facts of all tracks that have a vector, in memory and in step with the database.
///
/// Reads the same log of changes as the vectors do: whoever changes tags, place or analysis of a track writes it there,
/// whichever process that is.
final class FactsFeed: Sendable {
    private struct State {
        var table = FactsTable()
        /// The last change that the table holds.
        var sequence: Int64 = 0
    }

    private let catalogue: any Catalogue
    private let state = Mutex(State())
    private let catchingUp = SharedRun()

    /// Changes read in one step while the table catches up.
    private static let changesPerStep = 5000

    init(catalogue: any Catalogue) {
        self.catalogue = catalogue
    }

    /// What was read by now. A copy, to be asked without a lock.
    var table: FactsTable { state.withLock { $0.table } }

    /// The same, with the last change that it holds.
    var snapshot: (table: FactsTable, sequence: Int64) { state.withLock { ($0.table, $0.sequence) } }

    /// Returns when everything up to that change is in the table.
    func catchUp(until last: Int64) async throws {
        guard state.withLock({ $0.sequence }) < last else { return }
        try await keepUp()
    }

    /// Returns when all that was committed before the call is in the table.
    func keepUp() async throws { try await catchingUp.join { [self] in try await readChanges() } }

    private func readAll() async throws {
        let loading = Loading()
        let last = try await catalogue.allFacts { part in
            loading.table.withLock { table in
                switch part {
                case .track(let id, let facts): table.put(id, facts)
                case .artists(let id, let ofTrack, let ofAlbum):
                    table.credit(id, artists: ofTrack, albumArtists: ofAlbum)
                case .genres(let id, let genres): table.tag(id, genres: genres)
                }
            }
        }
        state.withLock { $0 = State(table: loading.table.withLock { $0 }, sequence: last) }
    }

    /// What is shown when it is whole.
    private final class Loading: Sendable {
        let table = Mutex(FactsTable())
    }

    private func readChanges() async throws {
        if state.withLock({ $0.sequence }) == 0 { try await readAll() }
        while true {
            let after = state.withLock { $0.sequence }
            let changes = try await catalogue.factsChanges(after: after, limit: Self.changesPerStep)
            guard let last = changes.last else { return }
            state.withLock { state in
                for change in changes {
                    if let facts = change.facts {
                        state.table.put(change.trackID, facts)
                    } else {
                        state.table.remove(change.trackID)
                    }
                }
                state.sequence = last.sequence
            }
        }
    }
}
