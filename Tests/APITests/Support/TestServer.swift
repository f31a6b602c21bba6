import API
import Contracts
import Domain
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization
import Telemetry
import Testing
import UseCases

/// The API over a memory store. Every answer is checked against the API's own OpenAPI document.
struct TestServer: Sendable {
    let store: MemoryStore
    let clock: TestClock
    let application: Application<APIResponder>
    private let services: APIServices
    private let options: APIOptions
    private let contract: Contract
    private let logger: Logger
    /// By the paths that lead to them.
    private static let folders: [FilePath: FilePath] = [
        FilePath("/music"): FilePath("/music"), FilePath("/new"): FilePath("/new"), FilePath("/"): FilePath("/"),
        FilePath("/link"): FilePath("/new"), FilePath("/jazz"): FilePath("/music/jazz"),
        FilePath("/music/out"): FilePath("/elsewhere"),
    ]

    init(
        _ store: MemoryStore = .filled(), metrics: MetricsPage = MetricsPage(registry: MetricsRegistry()),
        transcoder: (any AudioTranscoder)? = nil, presence: PlaybackPresence = PlaybackPresence(),
        keepsRoots: Bool = true, logger: Logger = TestServer.logger, _ change: (inout APIOptions) -> Void = { _ in }
    ) throws {
        self.store = store
        let clock = TestClock()
        self.clock = clock
        let services = APIServices(
            scans: store, upkeep: keepsRoots ? store : nil, tasks: store, catalogue: store, browser: store,
            tokens: store, accounts: store,
            appPasswords: store,
            credits: store,
            listening: store,
            playlists: store, playlistFiles: store, playQueues: store, similarity: store, duplicates: store, map: store,
            files: store,
            transcoder: transcoder, presence: presence,
            semantic: store, textModels: store,
            outside: FixedServices(), enrichment: store,
            connections: ServiceConnections(
                services: [
                    ScriptedSignIn(source: .lastfm, ways: [.password, .web]),
                    ScriptedSignIn(source: .listenbrainz, ways: [.token]),
                ], store: store, clock: { clock.now }, random: { .random(in: .min ... .max) }),
            changes: ChangeFeed(pause: .milliseconds(10)) { store.change { $0.changeCounter } },
            history: store, announcements: store,
            webhooks: WebhookDesk(
                store: store, sender: ScriptedWebhooks(), server: { try ScriptedWebhooks.server($0) },
                clock: { clock.now }, random: { .random(in: .min ... .max) }),
            server: Self.facts,
            readiness: {
                await store.gate.pass()
                return store.change { $0.readiness }
            }, metrics: metrics,
            folder: { Self.folders[$0] }, version: "0.1",
            clock: { clock.now })
        var options = APIOptions(port: 0)
        // A request through the router alone ends with its answer's body.
        options.pace.life = .milliseconds(100)
        change(&options)
        self.services = services
        self.options = options
        self.logger = logger
        application = makeApplication(services: services, options: options, logger: logger)
        contract = Contract(application.responder.document)
    }

    /// The same API as a service that tells when it listens.
    func application(
        onServerRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> Application<APIResponder> {
        makeApplication(
            services: services, options: options, logger: logger, onServerRunning: onServerRunning)
    }

    private static let facts = ServerFacts(
        engine: "SQLite", schema: 15, dataFolder: "/data", startedAt: MemoryStore.now - 90_000_000,
        settings: [.init("SILLON_PORT", "8080"), .init("SILLON_CONTACT", nil)],
        services: [
            .init(
                id: .musicbrainz, purpose: "Knows music.",
                address: .init("SILLON_MUSICBRAINZ_URL", "https://musicbrainz.org/ws/2"), secrets: []),
            .init(
                id: .lastfm, purpose: "Knows tags.",
                address: .init("SILLON_LASTFM_URL", "https://ws.audioscrobbler.com"),
                secrets: [
                    .init(title: "key", variable: "SILLON_LASTFM_KEY", isSet: true),
                    .init(title: "secret", variable: "SILLON_LASTFM_SECRET_FILE", isSet: false),
                ]),
        ])

    static var logger: Logger {
        var logger = Logger(label: "api-tests")
        logger.logLevel = .critical
        return logger
    }

    /// Sends one request through the whole API in this process.
    func send(
        _ method: HTTPRequest.Method, _ target: String, as secret: String? = "admin", json: String? = nil,
        body: ByteBuffer? = nil, headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        if let secret { headers[.authorization] = "Bearer \(secret)" }
        if json != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let fields = headers
        let body = body ?? json.map { ByteBuffer(string: $0) }
        let response = try await application.test(.router) { client in
            try await client.executeRequest(uri: target, method: method, headers: fields, body: body)
        }
        let answer = Answer(status: response.status.code, headers: response.headers, body: response.body)
        contract.check(method, target, answer)
        return answer
    }
}

struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: ByteBuffer

    var text: String { String(buffer: body) }

    /// Null when the body is not JSON.
    var json: JSONValue {
        do {
            return try ContractJSON.decode(JSONValue.self, from: text)
        } catch {
            return .null
        }
    }
}

/// A time of day that moves when it is told to.
final class TestClock: Sendable {
    private let value = Mutex(MemoryStore.now)

    var now: Int64 { value.withLock { $0 } }

    func advance(seconds: Int64) {
        value.withLock { $0 += seconds * 1_000_000 }
    }
}

extension JSONValue {
    subscript(index: Int) -> JSONValue? {
        guard case .array(let items) = self, items.indices.contains(index) else { return nil }
        return items[index]
    }

    var count: Int {
        switch self {
        case .array(let items): items.count
        case .object(let members): members.count
        default: 0
        }
    }

    var keys: [String] {
        guard case .object(let members) = self else { return [] }
        return members.keys.sorted()
    }
}

/// A service that somebody has to look after, and one that was never asked.
struct FixedServices: ServiceDesk {
    func services() async throws -> [ServiceStatus] {
        let record = ServiceRecord(
            breaker: CircuitBreaker(state: .open(untilSeconds: 1030)), requests: 7, failures: 2,
            lastFailure: Failure(.serviceBlocked, "401: mend the key"), lastFailureAt: 990)
        let door = ServiceDoor(service: "musicbrainz", host: "musicbrainz.org", purpose: .work)
        return [
            ServiceStatus(
                name: "musicbrainz", title: "MusicBrainz", address: "https://musicbrainz.org/ws/2",
                policy: .everybodys(perSecond: 1, atOnce: 2),
                doors: [StoredServiceRecord(door: door, record: record, fullAt: 1001, now: 1000)]),
            ServiceStatus(
                name: "slskd", title: "slskd", address: "http://nas.home:5030", policy: ServicePolicy(), doors: []),
        ]
    }
}
