import API
import Domain
import Integrations
import Logging
import Persistence
import Telemetry

extension Settings {
    /// What is in effect, by the names of the variables, as administrators see it. Without secrets: addresses print none.
    var table: [ServerFacts.Setting] {
        [
            .init("SILLON_DATA", dataFolder), .init("SILLON_DATABASE_URL", "\(database)"), .init("SILLON_HOST", host),
            .init("SILLON_PORT", "\(port)"),
            .init("SILLON_METRICS_LISTEN", metricsAddress.map { "\($0.host):\($0.port)" }),
            .init("SILLON_LOG_LEVEL", logLevel.rawValue), .init("SILLON_LOG_FORMAT", logFormat.rawValue),
            .init("SILLON_FINGERPRINT", wantsFingerprint ? "true" : "false"),
            .init("SILLON_ANALYSIS", analysis.rawValue),
            .init("SILLON_MAX_TRANSCODES", maxTranscodes.map { "\($0)" } ?? "by cores"),
            .init("SILLON_VECTOR_SEARCH", vectorSearch.rawValue),
            .init("SILLON_EMBEDDING_MODELS", Self.list(embedding.models.map(\.fullName))),
            .init("SILLON_REDIS_URL", embedding.redis.map { "\($0)" }),
            .init("SILLON_SECRETS_KEY_FILE", keyFile.path), .init("SILLON_CONTACT", services.contact),
            .init("SILLON_LASTFM_LANGUAGE", services.language), .init("SILLON_LASTFM_SITE_URL", "\(lastFMSite)"),
            .init("SILLON_LISTENBRAINZ_LABS_URL", services.labs.map { "\($0)" }),
            .init("SILLON_WEBHOOK_HOSTS", Self.list(services.webhookHosts.sorted())),
            .init("SILLON_OTLP_ENDPOINT", traces?.url),
            .init("SILLON_OTLP_HEADERS", Self.list(traces?.headers.map { "\($0.name)=…" } ?? [])),
            .init("SILLON_TRACE_RATIO", traces.map { "\($0.ratio)" }),
            .init("SILLON_SLSKD_DOWNLOADS", downloads.folders?.source.display),
            .init("SILLON_DOWNLOAD_ROOT", downloads.folders?.root.display),
            .init("SILLON_DOWNLOAD_TEMPLATE", downloads.template),
        ] + poolTable
    }

    /// Of databases on a server alone.
    private var poolTable: [ServerFacts.Setting] {
        guard case .server = database else { return [] }
        return [
            .init("SILLON_DATABASE_POOL_SIZE", "\(pool.poolSize)"),
            .init("SILLON_DATABASE_POOL_OVERFLOW", "\(pool.overflow)"),
            .init("SILLON_DATABASE_POOL_RECYCLE", "\(pool.recycleSeconds)"),
            .init("SILLON_DATABASE_POOL_WAIT", "\(pool.acquireSeconds)"),
            .init("SILLON_DATABASE_POOL_PRE_PING", pool.prePing ? "1" : "0"),
            .init("SILLON_DATABASE_STATEMENT_TIMEOUT", "\(pool.statementSeconds)"),
            .init("SILLON_DATABASE_LOCK_TIMEOUT", "\(pool.lockSeconds)"),
            .init("SILLON_DATABASE_IDLE_TIMEOUT", "\(pool.idleInTransactionSeconds)"),
        ]
    }

    private static func list(_ items: [String]) -> String? { items.isEmpty ? nil : items.joined(separator: ",") }
}

extension ServiceSettings {
    /// What this server uses of its own at each service, for administrators.
    var described: [ServerFacts.Service] {
        ServiceID.allCases.map { id in
            let (entry, prefix) = (self[id], "SILLON_\(id.rawValue.uppercased())_")
            var secrets: [ServerFacts.Secret] = []
            if id.usesKey || entry.key != nil {
                secrets.append(
                    .init(title: "key", variable: entry.keyVariable ?? prefix + "KEY_FILE", isSet: entry.key != nil))
            }
            if id.usesSecret || entry.secret != nil {
                secrets.append(
                    .init(
                        title: "secret", variable: entry.secretVariable ?? prefix + "SECRET_FILE",
                        isSet: entry.secret != nil))
            }
            return ServerFacts.Service(
                id: id, purpose: id.purpose, address: .init(prefix + "URL", entry.address.map { "\($0)" }),
                secrets: secrets)
        }
    }
}

extension ServiceID {
    fileprivate var usesKey: Bool {
        switch self {
        case .openai, .lastfm, .listenbrainz, .slskd, .napster: true
        case .ollama, .musicbrainz, .coverart: false
        }
    }

    fileprivate var usesSecret: Bool { self == .lastfm || self == .napster }

    fileprivate var purpose: String {
        switch self {
        case .ollama, .openai: "Makes vectors of words, for search by meaning."
        case .lastfm:
            "Knows tags, summaries and what is similar; people connect their accounts with its key and secret."
        case .listenbrainz: "Knows what is similar and popular; people connect their accounts with tokens of their own."
        case .musicbrainz: "Knows recordings, releases and artists. It wants an address to write to: SILLON_CONTACT."
        case .coverart: "Has fronts of albums."
        case .slskd: "Searches and downloads in Soulseek."
        case .napster:
            "Closed; for a server that speaks as it did, people connect their accounts with its key and secret."
        }
    }
}
