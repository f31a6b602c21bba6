import Domain
import UseCases

extension Shape where Value == SemanticAnswer {
    static let semantic = Shape.object("SemanticAnswer") {
        Field("items", Shape<SemanticAnswer.Hit>.hit.list) { $0.hits }
        Field("model", .text) { $0.space.model }
        Field("space", .text, "The model in one version: vectors of different spaces are never compared.") {
            $0.space.name
        }
        Field("compared", .count, "Tracks that have a vector in this space by now.") { $0.compared }
    }
}

extension Shape where Value == SemanticAnswer.Hit {
    static let hit = Shape.object("SemanticHit") {
        Field(
            "score", .number, "Cosine of the angle between the words and the track's description, 0 for obtuse ones."
        ) { $0.score }
        Field("track", .track) { $0.track }
    }
}

extension Shape where Value == TextModelStatus {
    static let textModel = Shape.object("TextModel") {
        Field("name", .text) { $0.name }
        Field("state", .choice, "away: it is asked again; refused: somebody has to do something.") { $0.health.state }
        Field(optional: "detail", .text, "Why it is not ready.") { $0.health.detail }
        Field("retry_after_seconds", .number, "0 when it may be asked now.") { $0.pauseSeconds }
        Field(
            "spaces", Shape<StoredSpace>.storedSpace.list, "One for each version of the model, the current one first."
        ) {
            $0.spaces
        }
        Field("cache", .cacheCounts, "Vectors that this process holds in memory.") { $0.cache }
        Field(optional: "shared_cache", .cacheCounts, "What this process found in Redis; null where there is none.") {
            $0.sharedCache
        }
    }
}

extension Shape where Value == StoredSpace {
    static let storedSpace = Shape.object("VectorSpace") {
        Field("name", .text) { $0.space.name }
        Field("digest", .text, "Identifies the model's weights; empty when the service does not tell.") {
            $0.space.digest
        }
        Field("dimension", .count) { $0.space.dimension }
        Field("vectors", .count) { $0.vectors }
        Field("current_since", .time) { $0.currentSince }
    }
}

extension Shape where Value == CacheCounts {
    static let cacheCounts = Shape.object("CacheCounts") {
        Field("entries", .count) { $0.entries }
        Field("hits", .count) { $0.hits }
        Field("misses", .count) { $0.misses }
        Field("evictions", .count, "Taken out to make room.") { $0.evictions }
    }
}

extension Shape where Value == Invalidation {
    static let invalidation = Shape.object("Invalidation") {
        Field("deleted", .count, "Vectors in the database.") { $0.deleted }
        Field("forgotten", .count, "Vectors in this process's memory and in Redis.") { $0.forgotten }
    }
}
