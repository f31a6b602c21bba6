import Integrations

/// Where vectors are searched, and models that work on words.
struct WordDeclarations: Sendable {
    let vectorSearch = Setting<VectorSearch>(
        "vector_search", .choice, fallback: .value(.memory),
        about: "With `pgvector` servers hold no vectors: a PostgreSQL database with that extension searches them.",
        page: "similarity.md#in-the-database-instead")
    let models = Setting<[EmbeddingSettings.Model]>(
        "embedding_models", .models, fallback: .value([]),
        about:
            "Models that work on words, `ollama:nomic-embed-text` say; the first one answers. All processes on a database "
            + "need the same.")
    let redis = Setting<RedisAddress?>(
        "redis_url",
        SettingKind<RedisAddress>(
            SettingShape("`redis://:password@host:6379/0`", secrecy: .part),
            secrets: { [$0.password].compactMap(\.self) },
            text: { text, _ throws(SettingRefusal) in
                do throws(RedisAddress.NotAnAddress) {
                    return try RedisAddress(text)
                } catch {
                    // It may hold a password.
                    throw SettingRefusal("is an address such as redis://127.0.0.1:6379/0")
                }
            }
        ).orNone,
        fallback: .value(nil),
        about:
            "Keeps vectors of texts for a day, for all processes that ask the same models, and the quotas of services "
            + "outside.")
}
