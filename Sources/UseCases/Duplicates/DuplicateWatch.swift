import Domain
import Logging
import Similarity
import Telemetry

/// Compares what is new in the library with what could be the same recording, change by change.
///
/// It follows the log of changes of the vectors, and keeps its place in the database: a restart goes on where it was.
/// A recording is compared with its nearest neighbours only; finding them is one search of the index.
package final class DuplicateWatch: Sendable {
    private let store: any DuplicateStore
    private let similarity: SimilarTracks
    private let logger: Logger

    /// Changes that are looked at in one step.
    private static let changesPerStep = 32
    /// Nearest neighbours of nearly the same length that are compared.
    private static let candidates = 24
    /// What sounds less alike is not compared.
    private static let minLikeness: Float = 0.6

    package init(store: any DuplicateStore, similarity: SimilarTracks, logger: Logger) {
        self.store = store
        self.similarity = similarity
        self.logger = logger
    }

    /// One step; false when there was nothing to do.
    package func step() async throws -> Bool {
        let place = try await store.place()
        let changes = try await store.changes(after: place, limit: Self.changesPerStep)
        guard let last = changes.last else { return false }
        // Whatever these changes tell of is in the index now; a vector that comes later is a change of its own.
        try await similarity.catchUp()
        var step = DuplicateStep(from: place, to: last.sequence)
        try await compare(Self.distinct(changes.compactMap(\.recording)), &step)
        // Another server is at it: it goes on, and this one looks again later.
        guard try await store.settle(step) else { return false }
        if !step.pairs.isEmpty {
            logger.debug("Recordings were found again", metadata: [LogKeys.count: "\(step.pairs.count)"])
        }
        return true
    }

    /// A content may come several times: as one file and as its copies.
    private static func distinct(_ recordings: [Recording]) -> [Recording] {
        var seen: Set<String> = []
        return recordings.filter { seen.insert($0.contentKey).inserted }
    }

    private func compare(_ recordings: [Recording], _ step: inout DuplicateStep) async throws {
        let heard = try await similarity.vectors.vectors(of: recordings.compactMap(\.trackID))
        var neighbours: [[Int64]] = []
        for recording in recordings {
            neighbours.append(try await near(recording, heard))
            // Each takes a while on one of few threads.
            await Task.yield()
        }
        let tracks = Set(neighbours.joined()).sorted()
        let others = Dictionary(grouping: try await store.recordings(ofTracks: tracks), by: \.trackID)
        let partners = try await store.partners(of: recordings.map(\.contentKey))
        let second = tracks + partners.values.joined().compactMap(\.trackID)
        let sounds = try await similarity.vectors.vectors(of: second).merging(heard) { $1 }
        for (recording, near) in zip(recordings, neighbours) where recording.trackID.flatMap({ heard[$0] }) != nil {
            let known = partners[recording.contentKey] ?? []
            step.compared.append(recording)
            step.pairs += pairs(of: recording, with: near.flatMap { others[$0] ?? [] } + known, sounds)
            await Task.yield()
        }
    }

    /// Tracks that sound alike and last about as long.
    private func near(_ recording: Recording, _ sounds: [Int64: [Float]]) async throws -> [Int64] {
        guard let trackID = recording.trackID, let vector = sounds[trackID] else { return [] }
        let table = similarity.facts.table
        let lastsAsLong: @Sendable (Int64) -> Bool = { id in
            guard id != trackID, let length = table.durationMs(of: id) else { return false }
            return abs(length - recording.durationMs) <= RecordingComparison.durationToleranceMs
        }
        let found = try await similarity.vectors.nearest(
            to: vector, limit: Self.candidates,
            passing: VectorGate(admits: lastsAsLong, admitted: { table.ids.filter(lastsAsLong) }))
        return found.filter { $0.score >= Self.minLikeness }.map(\.id)
    }

    /// Each content once, though several tracks may have it.
    private func pairs(
        of recording: Recording, with others: [Recording], _ sounds: [Int64: [Float]]
    ) -> [DuplicatePair] {
        var seen: Set<String> = [recording.contentKey]
        let pairs = others.compactMap { other -> DuplicatePair? in
            guard seen.insert(other.contentKey).inserted else { return nil }
            return RecordingComparison.evidence(recording, other, likeness: Self.likeness(recording, other, sounds)).map
            {
                DuplicatePair(recording.contentKey, other.contentKey, $0)
            }
        }
        return pairs.sorted { $0.other < $1.other }
    }

    private static func likeness(_ one: Recording, _ other: Recording, _ sounds: [Int64: [Float]]) -> Double? {
        guard let vector = one.trackID.flatMap({ sounds[$0] }), let second = other.trackID.flatMap({ sounds[$0] })
        else { return nil }
        return Double(zip(vector, second).reduce(0) { $0 + $1.0 * $1.1 })
    }
}
