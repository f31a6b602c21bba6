import Domain
import Telemetry
import UseCases

/// Everything that the API needs of the rest of the program.
package struct APIServices: Sendable {
    package let scans: any ScanStore
    /// Nil where nothing keeps library roots up to date.
    package let upkeep: (any UpkeepReport)?
    package let tasks: any TaskStore
    package let catalogue: any Catalogue
    package let browser: any LibraryBrowser
    package let tokens: any TokenStore
    package let accounts: any AccountStore
    /// Nil where there is no place for keys.
    package let appPasswords: (any AppPasswordStore)?
    package let credits: any CreditStore
    package let listening: any ListeningStore
    package let playlists: any PlaylistStore
    package let playlistFiles: any PlaylistFileStore
    package let playQueues: any PlayQueueStore
    package let similarity: any SimilarityFinder
    package let duplicates: any DuplicateFinder
    package let map: any MapFinder
    /// Files of the library, for whoever listens.
    package let files: any LibraryReader
    /// Nil where audio is given out as it is.
    package let transcoder: (any AudioTranscoder)?
    /// Is told when somebody listens.
    package let presence: PlaybackPresence
    /// Nil where there is no model that works on words.
    package let semantic: (any SemanticFinder)?
    package let textModels: (any TextModelDesk)?
    /// Services outside; nil where there are none.
    package let outside: (any ServiceDesk)?
    /// Nil where covers are given out as they are.
    package let covers: CoverVariants?
    /// Nil where nothing is downloaded.
    package let downloads: DownloadDesk?
    /// Nil where no service outside is asked about music.
    package let enrichment: (any EnrichmentStore)?
    /// Nil where no worker may come from elsewhere.
    package let fleet: Fleet?
    /// Nil where accounts cannot be connected to services outside.
    package let connections: ServiceConnections?
    package let nowPlaying: NowPlaying?
    /// What players say of where they are, whichever way they say it.
    package let sessions = PlaybackSessions()
    package let changes: ChangeFeed
    /// Nil where nothing is kept of the past.
    package let history: (any HistoryStore)?
    /// Nil where nobody can listen to what happens.
    package let announcements: (any AnnouncementStore)?
    /// Nil where nobody else is told of what happens.
    package let webhooks: WebhookDesk?
    /// Nil where nothing is told of the server itself.
    package let server: ServerFacts?
    /// What must answer before requests make sense, by name; nil is well, else a reason that is safe to show.
    package let readiness: @Sendable () async -> [String: String?]
    /// Nil where nothing is counted.
    package let metrics: MetricsPage?
    /// The folder that a path leads to, by its path without symbolic links; nil when none is there that can be read.
    package let folder: @Sendable (FilePath) -> FilePath?
    package let version: String
    package let clock: MicrosecondClock

    package init(
        scans: any ScanStore, upkeep: (any UpkeepReport)? = nil, tasks: any TaskStore, catalogue: any Catalogue,
        browser: any LibraryBrowser, tokens: any TokenStore, accounts: any AccountStore,
        appPasswords: (any AppPasswordStore)? = nil,
        credits: any CreditStore, listening: any ListeningStore, playlists: any PlaylistStore,
        playlistFiles: any PlaylistFileStore, playQueues: any PlayQueueStore, similarity: any SimilarityFinder,
        duplicates: any DuplicateFinder, map: any MapFinder, files: any LibraryReader,
        transcoder: (any AudioTranscoder)? = nil, presence: PlaybackPresence = PlaybackPresence(),
        semantic: (any SemanticFinder)? = nil, textModels: (any TextModelDesk)? = nil,
        outside: (any ServiceDesk)? = nil, covers: CoverVariants? = nil, downloads: DownloadDesk? = nil,
        enrichment: (any EnrichmentStore)? = nil, fleet: Fleet? = nil, connections: ServiceConnections? = nil,
        nowPlaying: NowPlaying? = nil, changes: ChangeFeed, history: (any HistoryStore)? = nil,
        announcements: (any AnnouncementStore)? = nil, webhooks: WebhookDesk? = nil,
        server: ServerFacts? = nil,
        readiness: @escaping @Sendable () async -> [String: String?], metrics: MetricsPage? = nil,
        folder: @escaping @Sendable (FilePath) -> FilePath?, version: String, clock: @escaping MicrosecondClock
    ) {
        self.scans = scans
        self.upkeep = upkeep
        self.tasks = tasks
        self.catalogue = catalogue
        self.browser = browser
        self.tokens = tokens
        self.accounts = accounts
        self.appPasswords = appPasswords
        self.credits = credits
        self.listening = listening
        self.playlists = playlists
        self.playlistFiles = playlistFiles
        self.playQueues = playQueues
        self.similarity = similarity
        self.duplicates = duplicates
        self.map = map
        self.files = files
        self.transcoder = transcoder
        self.presence = presence
        self.semantic = semantic
        self.textModels = textModels
        self.outside = outside
        self.covers = covers
        self.downloads = downloads
        self.enrichment = enrichment
        self.fleet = fleet
        self.connections = connections
        self.nowPlaying = nowPlaying
        self.changes = changes
        self.history = history
        self.announcements = announcements
        self.webhooks = webhooks
        self.server = server
        self.readiness = readiness
        self.metrics = metrics
        self.folder = folder
        self.version = version
        self.clock = clock
    }
}
