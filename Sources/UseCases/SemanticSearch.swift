import Domain
import Similarity
import Synchronization

/// Finds tracks by what words mean: the words and the description of each track are points in one model's space.
package protocol SemanticFinder: Sendable {
    /// Best match first. Throws `SemanticProblem`.
    /// - Parameter model: one of those that are configured; nil for the first.
    func search(_ words: String, model: String?, limit: Int) async throws -> SemanticAnswer
}

package struct SemanticAnswer: Sendable {
    package struct Hit: Sendable {
        package var track: Track
        /// Cosine of the angle between the words and the track's description, 0 for obtuse ones: 0…1.
        package let score: Double

        package init(track: Track, score: Double) {
            self.track = track
            self.score = score
        }
    }

    package let space: EmbeddingSpace
    /// Tracks that were compared: those that have a vector in this space.
    package let compared: Int
    package var hits: [Hit]

    package init(space: EmbeddingSpace, compared: Int, hits: [Hit]) {
        self.space = space
        self.compared = compared
        self.hits = hits
    }
}

package enum SemanticProblem: Error, Hashable, Sendable {
    case noModel
    case unknownModel(String, known: [String])
    /// Waiting may help.
    case away(String, seconds: Double)
    /// Somebody has to do something.
    case refused(String)
}

extension SemanticProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noModel:
            "no model for words is configured: set SILLON_EMBEDDING_MODELS, to ollama:nomic-embed-text say, and start "
                + "the server again"
        case .unknownModel(let name, let known):
            "no model \"\(name)\" is configured; there is \(known.joined(separator: ", "))"
        case .away(let why, _), .refused(let why): why
        }
    }
}

/// `SemanticFinder` over vectors in memory, one index for each model: that of the space that its last answer lay in.
package final class SemanticSearch: SemanticFinder {
    private let models: [any TextEmbeddingModel]
    private let store: any TextVectorStore
    private let tracks: @Sendable ([Int64]) async throws -> [Track]
    private let indexes = Mutex<[String: TextSpaceIndex]>([:])

    /// Somebody waits for the answer.
    private static let limit = Duration.seconds(8)
    private static let retrySeconds: Double = 10

    /// - Parameter tracks: tracks by their ids; unknown ones are left out.
    package init(
        models: [any TextEmbeddingModel], store: any TextVectorStore,
        tracks: @escaping @Sendable ([Int64]) async throws -> [Track]
    ) {
        self.models = models
        self.store = store
        self.tracks = tracks
    }

    package func search(_ words: String, model name: String?, limit: Int) async throws -> SemanticAnswer {
        let query = try await embed(words, model: try model(name))
        let index = index(of: query.space)
        try await index.catchUp(from: store)
        let (neighbours, compared) = try index.nearest(to: query.vector, limit: limit)
        let tracks = try await tracks(neighbours.map(\.id))
        let byID = Dictionary(tracks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let hits = neighbours.compactMap { neighbour in
            byID[neighbour.id].map { SemanticAnswer.Hit(track: $0, score: min(1, max(0, Double(neighbour.score)))) }
        }
        return SemanticAnswer(space: query.space, compared: compared, hits: hits)
    }

    private func model(_ name: String?) throws(SemanticProblem) -> any TextEmbeddingModel {
        guard let first = models.first else { throw .noModel }
        guard let name else { return first }
        guard let model = models.first(where: { $0.name == name }) else {
            throw .unknownModel(name, known: models.map(\.name))
        }
        return model
    }

    private func embed(_ words: String, model: any TextEmbeddingModel) async throws -> TextEmbedding {
        do {
            return try await model.embed(words, as: .query, within: Self.limit)
        } catch let failure as Failure where failure.isTransient {
            throw SemanticProblem.away(failure.message, seconds: failure.retryAfterSeconds ?? Self.retrySeconds)
        } catch let failure as Failure {
            throw SemanticProblem.refused(failure.message)
        }
    }

    private func index(of space: EmbeddingSpace) -> TextSpaceIndex {
        indexes.withLock { indexes in
            if let index = indexes[space.model], index.space == space { return index }
            let index = TextSpaceIndex(space: space)
            indexes[space.model] = index
            return index
        }
    }
}
