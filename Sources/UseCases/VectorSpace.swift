import Domain
import Similarity

/// The vectors of one model, change by change. Those of another length are kept out of the answers; when they are the
/// most, the model is another one under its old name, and a new space begins.
struct VectorSpace: Sendable {
    enum Event: Hashable, Sendable {
        /// The first vector of this length.
        case otherLength(trackID: Int64, length: Int, dimension: Int)
        /// Everything is to be read again.
        case newSpace(old: Int, new: Int)
    }

    private(set) var index: VectorIndex
    /// The last change that the index holds.
    var sequence: Int64 = 0
    /// Tracks whose vector has another length, by that length.
    private var others: [Int: Set<Int64>] = [:]

    init(dimension: Int) {
        index = VectorIndex(dimension: dimension)
    }

    /// - Parameter changes: What follows `sequence`, oldest first; empty when all is read.
    mutating func apply(_ changes: [VectorChange]) -> [Event] {
        guard let last = changes.last else { return beginAnew() }
        sequence = last.sequence
        return changes.compactMap { apply($0) }
    }

    private mutating func apply(_ change: VectorChange) -> Event? {
        if let vector = change.vector { return put(change.trackID, vector) }
        for length in others.keys { others[length]?.remove(change.trackID) }
        index.remove(change.trackID)
        return nil
    }

    mutating func put(_ trackID: Int64, _ vector: [Float]) -> Event? {
        for length in others.keys { others[length]?.remove(trackID) }
        do throws(VectorIndexError) {
            try index.upsert(trackID, vector)
            return nil
        } catch {
            index.remove(trackID)
            // One that holds a NaN has the right length and no place anywhere.
            guard case .wrongDimension(let dimension, let length) = error else { return nil }
            others[length, default: []].insert(trackID)
            return others[length]?.count == 1
                ? .otherLength(trackID: trackID, length: length, dimension: dimension) : nil
        }
    }

    /// When all is read, so that it does not matter in which order vectors of several lengths came.
    private mutating func beginAnew() -> [Event] {
        guard let (length, tracks) = others.max(by: { $0.value.count < $1.value.count }),
            tracks.count > index.count, (1...VectorIndex.maxDimension).contains(length)
        else { return [] }
        let old = index.dimension
        self = VectorSpace(dimension: length)
        return [.newSpace(old: old, new: length)]
    }
}
