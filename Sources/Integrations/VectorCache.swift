import Domain
import Synchronization
import Telemetry
import UseCases

/// Vectors of texts for a few minutes, in memory, so many at most: what was not used for longest goes first.
package final class VectorCache: Sendable {
    package struct Options: Sendable {
        package var lifeSeconds: Double = 300
        /// 2,048 vectors of 1,024 numbers are 8 MB.
        package var entriesMax = 2048

        package init() {}
    }

    private struct Key: Hashable {
        let space: EmbeddingSpace
        let text: String
    }

    private struct Entry {
        let vector: [Float]
        let until: Double
        var used: Int
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// Counts the uses: the smallest number is the oldest.
        var uses = 0
        var counts = CacheCounts()
    }

    private let options: Options
    private let state = Mutex(State())

    package init(_ options: Options = Options()) {
        self.options = options
    }

    package var counts: CacheCounts {
        state.withLock { state in
            var counts = state.counts
            counts.entries = state.entries.count
            return counts
        }
    }

    package func vector(of text: String, in space: EmbeddingSpace, at now: Double) -> [Float]? {
        let key = Key(space: space, text: text)
        let found = state.withLock { state -> [Float]? in
            guard var entry = state.entries[key], entry.until > now else {
                state.entries[key] = nil
                state.counts.misses += 1
                return nil
            }
            state.uses += 1
            state.counts.hits += 1
            entry.used = state.uses
            state.entries[key] = entry
            return entry.vector
        }
        Metrics.caches.lookups.count(.textVectorMemory, found == nil ? .miss : .hit)
        return found
    }

    package func keep(_ vector: [Float], of text: String, in space: EmbeddingSpace, at now: Double) {
        state.withLock { state in
            state.uses += 1
            state.entries[Key(space: space, text: text)] = Entry(
                vector: vector, until: now + options.lifeSeconds, used: state.uses)
            if state.entries.count > options.entriesMax { Self.makeRoom(&state, options.entriesMax, now) }
        }
    }

    /// A tenth at once, so that not every new vector looks through all of them.
    private static func makeRoom(_ state: inout State, _ max: Int, _ now: Double) {
        state.entries = state.entries.filter { $0.value.until > now }
        let surplus = state.entries.count - (max - max / 10)
        guard surplus > 0 else { return }
        for (key, _) in state.entries.sorted(by: { $0.value.used < $1.value.used }).prefix(surplus) {
            state.entries[key] = nil
        }
        state.counts.evictions += surplus
    }

    package func forget(matching pattern: NamePattern) -> Int {
        state.withLock { state in
            let kept = state.entries.filter { key, _ in
                !pattern.matches(key.space.name) && !pattern.matches(key.space.model)
            }
            defer { state.entries = kept }
            return state.entries.count - kept.count
        }
    }
}
