import Contracts
import Crypto
import Domain
import Synchronization
import Telemetry
import UseCases

/// Vectors of texts for a day, in a Redis that several processes share. It only ever saves work: when it does not
/// answer, it is left alone for a while, and what it might have known counts as missed.
package final class SharedVectorCache: Sendable {
    private let redis: RedisClient
    private let state = Mutex(CacheCounts())

    private static let lifeSeconds = 86_400
    private static let prefix = "sillon:text-vector:1:"
    private static let keysPerStep = 500

    package init(_ address: RedisAddress, clock: ServiceClock = .system) {
        redis = RedisClient(address, clock: clock)
    }

    package var counts: CacheCounts { state.withLock { $0 } }

    func vector(of text: String, model: String, digest: String) async -> [Float]? {
        guard case .text(let bytes) = await redis.command(["GET", Self.key(text, model, digest)]),
            let vector = PackedFloats(littleEndianBytes: bytes)?.values, vector.allSatisfy(\.isFinite),
            (1...EmbeddingSpace.maxDimension).contains(vector.count)
        else {
            state.withLock { $0.misses += 1 }
            Metrics.caches.lookups.count(.textVectorRedis, .miss)
            return nil
        }
        state.withLock { $0.hits += 1 }
        Metrics.caches.lookups.count(.textVectorRedis, .hit)
        return vector
    }

    func keep(_ vector: [Float], of text: String, in space: EmbeddingSpace) async {
        let key = Array(Self.key(text, space.model, space.digest).utf8)
        let life = Array("\(Self.lifeSeconds)".utf8)
        _ = await redis.command([Array("SETEX".utf8), key, life, PackedFloats(vector).littleEndianBytes])
    }

    /// Answers how many went.
    func forget(matching pattern: NamePattern) async -> Int {
        var (cursor, count) = ("0", 0)
        repeat {
            let found = await redis.command([
                "SCAN", cursor, "MATCH", Self.prefix + "*", "COUNT", "\(Self.keysPerStep)",
            ])
            guard case .list(let parts) = found, parts.count == 2, case .text(let next) = parts[0],
                case .list(let keys) = parts[1]
            else { return count }
            for case .text(let key) in keys where await isMeant(key, pattern) {
                if case .number(let gone) = await redis.command([Array("DEL".utf8), key]) { count += gone }
            }
            cursor = String(decoding: next, as: UTF8.self)
        } while cursor != "0"
        return count
    }

    /// The key holds the model and its digest; the length of the value tells the dimension.
    private func isMeant(_ key: [UInt8], _ pattern: NamePattern) async -> Bool {
        let name = String(decoding: key, as: UTF8.self).dropFirst(Self.prefix.count)
        let parts = name.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 3, case .number(let bytes) = await redis.command([Array("STRLEN".utf8), key]) else {
            return false
        }
        let space = EmbeddingSpace(model: String(parts[0]), digest: String(parts[1]), dimension: bytes / 4)
        return pattern.matches(space.model) || pattern.matches(space.name)
    }

    private static func key(_ text: String, _ model: String, _ digest: String) -> String {
        "\(prefix)\(model)|\(digest)|\(Hex.encode(Array(SHA256.hash(data: Array(text.utf8)))))"
    }
}
