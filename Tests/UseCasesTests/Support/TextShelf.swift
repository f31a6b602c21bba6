import Domain
import Synchronization
import UseCases

/// Vectors of texts in memory, and tracks with nothing but an id.
final class TextShelf: TextVectorStore {
    private struct State {
        var vectors: [Int64: TextEmbedding] = [:]
        var changes: [VectorChange] = []
        /// What `queueMissing` was asked: model, digest, after.
        var asked: [String] = []
        var current: [String] = []
        var patterns: [String] = []
        var waiting = 0
        var dimension: Int?
        /// Whose tasks stay.
        var kept: [[String]] = []
        var cannotInvalidate = false
        var woken: [String] = []
    }

    private let state = Mutex(State())
    /// Tracks that `queueMissing` goes through.
    private let tracks: Int64

    init(tracks: Int64 = 0) { self.tracks = tracks }

    var asked: [String] { state.withLock { $0.asked } }
    var current: [String] { state.withLock { $0.current } }
    var patterns: [String] { state.withLock { $0.patterns } }
    var kept: [[String]] { state.withLock { $0.kept } }
    var woken: [String] { state.withLock { $0.woken } }

    func setWaiting(_ count: Int) { state.withLock { $0.waiting = count } }
    func setDimension(_ dimension: Int?) { state.withLock { $0.dimension = dimension } }
    func refuseInvalidation() { state.withLock { $0.cannotInvalidate = true } }

    func put(_ id: Int64, _ text: String, _ model: WordModel, digest: String = "one") {
        change(id, WordModel.embedding(text, model.name, digest))
    }

    func remove(_ id: Int64) { change(id, nil) }

    private func change(_ id: Int64, _ embedding: TextEmbedding?) {
        state.withLock { state in
            state.vectors[id] = embedding
            state.changes.append(VectorChange(sequence: Int64(state.changes.count + 1), trackID: id, vector: nil))
        }
    }

    func spaces() async throws -> [StoredSpace] { [] }

    func changes(in space: EmbeddingSpace, after sequence: Int64, limit: Int) async throws -> [VectorChange] {
        state.withLock { state in
            state.changes.filter { $0.sequence > sequence }.prefix(limit).map { change in
                let embedding = state.vectors[change.trackID]
                return VectorChange(
                    sequence: change.sequence, trackID: change.trackID,
                    vector: embedding?.space == space ? embedding?.vector : nil)
            }
        }
    }

    func setCurrent(model: String, digest: String, dimension: Int?) async throws -> Int? {
        state.withLock { state in
            let now = "\(model) \(digest)"
            if state.current.last != now { state.current.append(now) }
            if let dimension { state.dimension = dimension }
            return state.dimension
        }
    }

    func waitingTasks(of model: String, limit: Int) async throws -> Int { state.withLock { $0.waiting } }

    func wakeTasks(of model: String) async throws -> Int {
        state.withLock { $0.woken.append(model) }
        return 1
    }

    func endTasks(exceptOf models: [String]) async throws -> Int {
        state.withLock { $0.kept.append(models) }
        return 0
    }

    func queueMissing(
        model: String, digest: String, dimension: Int?, after trackID: Int64, limit: Int
    ) async throws -> (last: Int64?, queued: Int) {
        state.withLock { state in
            state.asked.append("\(model) \(digest) \(trackID)")
            let last = min(tracks, trackID + Int64(limit))
            return last > trackID ? (last, Int(last - trackID)) : (nil, 0)
        }
    }

    func invalidate(matching pattern: NamePattern) async throws -> Int {
        try state.withLock { state in
            state.patterns.append(pattern.text)
            if state.cannotInvalidate { throw StoreError.retryable(afterSeconds: 1, "busy") }
            return 7
        }
    }

    @Sendable static func tracks(_ ids: [Int64]) async throws -> [Track] {
        ids.map { id in
            Track(
                id: id, path: FilePath("/\(id)"), state: .present,
                facts: FileFacts(size: 1, mtimeNs: 1, inode: 1, device: 1), metadata: TrackMetadata(),
                properties: AudioProperties(codec: "flac"), albumID: nil, artistIDs: [], coverHash: nil,
                contentKey: nil, analysis: nil, hasVector: true, addedAt: 0, indexedAt: 0)
        }
    }
}
