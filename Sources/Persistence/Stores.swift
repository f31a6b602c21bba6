import Domain
import Telemetry
import UseCases

/// Every store on one database, wired together. The only thing the composition root needs to know of this target.
package struct Stores: Sendable {
    /// For workers in this process: their death is seen at once.
    package let broker: DatabaseBroker
    /// For workers on other devices, whose requests arrive here.
    package let remoteBroker: DatabaseBroker
    package let tasks: DatabaseTaskStore
    package let scans: DatabaseScanStore
    package let tokens: DatabaseTokenStore
    package let housekeeper: Housekeeper

    package let catalogue: DatabaseCatalogue
    package let browser: DatabaseLibraryBrowser
    package let credits: DatabaseCredits
    package let textVectors: DatabaseTextVectors
    package let duplicates: DatabaseDuplicates
    package let services: DatabaseServiceGate
    package let accounts: DatabaseAccountStore
    /// Nil where there is no place for keys.
    package let appPasswords: DatabaseAppPasswords?
    package let listening: DatabaseListeningStore
    package let map: DatabaseMapStore
    package let connections: DatabaseServiceConnections
    /// Nil where there is no place for keys.
    package let secretKeys: DatabaseSecretKeys?
    package let artwork: DatabaseArtwork
    package let downloads: DatabaseDownloads
    package let enrichment: DatabaseEnrichment
    package let facts: QueueFacts
    package let history: DatabaseHistory
    package let announcements: DatabaseAnnouncements
    package let webhooks: DatabaseWebhooks
    package let playlists: DatabasePlaylistStore
    package let playQueues: DatabasePlayQueueStore
    package let playlistFiles: DatabasePlaylistFiles

    /// - Parameters:
    ///   - lockFolder: where processes on this machine show that they live; nil where only leases tell.
    ///   - keyFile: opens secrets that are kept for accounts.
    ///   - textModels: see `DatabaseCatalogue`.
    ///   - recorder: nil where no traces are made.
    ///   - pollInterval: how soon tasks that other processes queued are seen.
    package init(
        database: any Database, lockFolder: String?, keyFile: KeyFile? = nil, textModels: [String] = [],
        enrichmentSources: [EnrichmentSource] = [], pollInterval: Duration = .milliseconds(100),
        clock: @escaping MicrosecondClock, random: @escaping @Sendable () -> UInt64 = Stores.systemRandom,
        housekeeping: Housekeeper.Options = Housekeeper.Options(), recorder: TraceRecorder? = nil
    ) throws {
        try self.init(
            database: database, sink: nil, keyFile: keyFile, textModels: textModels,
            enrichmentSources: enrichmentSources, lockFolder: lockFolder, pollInterval: pollInterval, clock: clock,
            leaseClock: .suiting(database.dialect), random: random, housekeeping: housekeeping,
            recorder: recorder)
    }

    /// With another sink than the catalogue, for tests of the queue alone.
    init(
        database: any Database, sink: (any OutcomeSink)?, keyFile: KeyFile? = nil, textModels: [String] = [],
        enrichmentSources: [EnrichmentSource] = [], lockFolder: String?,
        pollInterval: Duration = .milliseconds(100), clock: @escaping MicrosecondClock, leaseClock: LeaseClock,
        random: @escaping @Sendable () -> UInt64, housekeeping: Housekeeper.Options = Housekeeper.Options(),
        recorder: TraceRecorder? = nil
    ) throws {
        catalogue = DatabaseCatalogue(
            database: database, textModels: textModels, enrichmentSources: enrichmentSources)
        browser = DatabaseLibraryBrowser(database: database, random: random)
        credits = DatabaseCredits(database: database)
        let context = QueueContext(
            database: database, sink: sink ?? catalogue, clock: clock, leaseClock: leaseClock, random: random,
            signal: QueueSignal(), recorder: recorder)
        let locks = try lockFolder.map { try WorkerLocks(folder: $0) }
        broker = DatabaseBroker(context: context, locks: locks, pollInterval: pollInterval)
        remoteBroker = DatabaseBroker(context: context, locks: nil, pollInterval: pollInterval)
        tasks = DatabaseTaskStore(context: context)
        scans = DatabaseScanStore(context: context)
        tokens = DatabaseTokenStore(context: context)
        textVectors = DatabaseTextVectors(context: context, catalogue: catalogue)
        duplicates = DatabaseDuplicates(context: context)
        services = DatabaseServiceGate(context: context)
        accounts = DatabaseAccountStore(context: context)
        appPasswords = keyFile.map { DatabaseAppPasswords(context: context, keys: $0) }
        listening = DatabaseListeningStore(context: context)
        map = DatabaseMapStore(context: context)
        connections = DatabaseServiceConnections(context: context, keys: keyFile)
        secretKeys = keyFile.map { DatabaseSecretKeys(context: context, file: $0) }
        artwork = DatabaseArtwork(context: context, catalogue: catalogue)
        downloads = DatabaseDownloads(context: context)
        enrichment = DatabaseEnrichment(context: context, catalogue: catalogue)
        facts = QueueFacts(context: context)
        history = DatabaseHistory(context: context)
        announcements = DatabaseAnnouncements(context: context)
        webhooks = DatabaseWebhooks(context: context, keys: keyFile)
        playlists = DatabasePlaylistStore(context: context)
        playQueues = DatabasePlayQueueStore(context: context)
        playlistFiles = DatabasePlaylistFiles(context: context)
        housekeeper = Housekeeper(context: context, locks: locks, options: housekeeping)
    }

    package static let systemRandom: @Sendable () -> UInt64 = {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
