import Domain
import Synchronization
import UseCases

/// A model for words in memory: each letter a…z is a direction. It fails when it is told to.
final class WordModel: TextEmbeddingModel {
    struct State {
        var failure: Failure?
        var digest = "one"
        var pauseSeconds: Double = 0
        var health = ModelHealth.State.ready
        var asked = 0
        var forgotten: [String] = []
    }

    let name: String
    let state = Mutex(State())

    init(_ name: String = "test:words") { self.name = name }

    func embed(_ text: String, as use: TextUse, within limit: Duration?) async throws -> TextEmbedding {
        let digest = try state.withLock { state in
            state.asked += 1
            if let failure = state.failure { throw failure }
            return state.digest
        }
        return Self.embedding(text, name, digest)
    }

    static func embedding(_ text: String, _ name: String, _ digest: String) -> TextEmbedding {
        var vector = [Float](repeating: 0, count: 26)
        for byte in text.lowercased().utf8 where (97...122).contains(byte) { vector[Int(byte) - 97] += 1 }
        let length = max(1, vector.reduce(0) { $0 + $1 * $1 }.squareRoot())
        return TextEmbedding(
            space: EmbeddingSpace(model: name, digest: digest, dimension: 26), vector: vector.map { $0 / length })
    }

    func digest() async throws -> String {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.digest
        }
    }

    var pauseSeconds: Double { state.withLock { $0.pauseSeconds } }
    var health: ModelHealth { ModelHealth(state: state.withLock { $0.health }) }
    var cache: CacheCounts { CacheCounts() }

    func forget(matching pattern: NamePattern) -> Int {
        state.withLock { state in
            state.forgotten.append(pattern.text)
            return 1
        }
    }
}
