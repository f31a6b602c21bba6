import Domain
import Foundation
import Integrations
import Logging
import Persistence
import Telemetry

/// Everything that can be set, read once from file, environment and flags (the last wins), checked at start.
struct Settings: Sendable {
    /// Absolute.
    let dataFolder: String
    let database: DatabaseLocation
    let pool: PostgresOptions
    /// Folders that are to be library roots, as they were given.
    let music: [String]
    /// Nil where nobody said what workers do.
    let roles: RoleList?
    /// Where the server listens.
    let host: String
    let port: Int
    /// Where `/metrics` is answered without a token; nil for nowhere.
    let metricsAddress: ListenAddress?
    /// Where the client finds the server; the server of this machine unless told.
    let server: String
    let token: Secret?
    /// Whether analyses made from now on hold a Chromaprint fingerprint.
    let wantsFingerprint: Bool
    let watches: Bool
    /// How workers on this device listen.
    let analysis: AnalysisMode
    /// When workers on this device do heavy work.
    let hours: WorkHours
    /// What is not left to this device.
    let deviceOverrides: DeviceProfile.Overrides
    /// Tracks that are encoded for listeners at once; nil leaves it to the device.
    let maxTranscodes: Int?
    /// Models that work on words.
    let embedding: EmbeddingSettings
    /// Services outside.
    let services: ServiceSettings
    let vectorSearch: VectorSearch
    /// Where people let this server write at Last.fm.
    let lastFMSite: ServiceAddress
    /// Opens the secrets of accounts.
    let keyFile: KeyFile
    /// From where to where downloads go.
    let downloads: DownloadSettings
    /// Of a worker for a server elsewhere.
    let elsewhere: ElsewhereSettings
    /// Nil where no traces are made.
    let traces: TraceSettings?
    let logLevel: Logger.Level
    let logFormat: LogFormat
    /// All of them as they may be shown, in the order of the reference.
    let lines: [SettingLine]
    private let hidden: [Secret]

    static let defaultPort = 8080
    static let defaultHost = "127.0.0.1"

    /// What the command line gave; nil where it said nothing.
    struct Flags: Sendable {
        var data: String?
        var database: String?
        var host: String?
        var port: Int?
        var server: String?
        var token: String?
        var analysis: AnalysisMode?
        var music: [String] = []
        var roles: RoleList?
        var map: [PathRule] = []
        var certificates: String?
        var cache: String?
        var cacheLimit: ByteCount?
        var isInsecure = false

        /// By the keys of the settings.
        var given: [String: [String]] {
            let (place, listening, work) = (SettingList.place, SettingList.listening, SettingList.work)
            let elsewhere = SettingList.elsewhere
            let all: [(any DeclaredSetting, [String]?)] = [
                (place.data, data.map { [$0] }), (place.database, database.map { [$0] }),
                (place.music, music.isEmpty ? nil : music), (listening.host, host.map { [$0] }),
                (listening.port, port.map { ["\($0)"] }), (listening.server, server.map { [$0] }),
                (listening.token, token.map { [$0] }), (work.analysis, analysis.map { [$0.rawValue] }),
                (work.roles, roles.map { $0.roles.map(\.rawValue) }),
                (elsewhere.map, map.isEmpty ? nil : map.map(\.text)),
                (elsewhere.certificates, certificates.map { [$0] }), (elsewhere.cache, cache.map { [$0] }),
                (elsewhere.cacheLimit, cacheLimit.map { ["\($0)"] }),
                (elsewhere.insecure, isInsecure ? ["true"] : nil),
            ]
            return Dictionary(
                uniqueKeysWithValues: all.compactMap { setting, texts in texts.map { (setting.key, $0) } })
        }
    }

    /// Without a file. Throws as the other.
    init(flags: Flags, environment: Environment) throws(CommandError) {
        try self.init(SettingReader(flags: flags.given, environment: environment))
    }

    /// Throws `CommandError.misconfigured` with a sentence that names the flag, the variable, or the line of the file.
    init(_ reader: SettingReader) throws(CommandError) {
        let (place, listening, work) = (SettingList.place, SettingList.listening, SettingList.work)
        let (words, watching) = (SettingList.words, SettingList.watching)
        dataFolder = try reader.read(place.data)
        database = try reader.read(place.database)
        music = try reader.read(place.music)
        keyFile = try reader.read(place.keyFile)
        pool = try PoolSettings.options(reader)
        host = try reader.read(listening.host)
        port = try reader.read(listening.port)
        metricsAddress = try reader.read(listening.metrics)
        server = try reader.read(listening.server)
        token = try reader.read(listening.token)
        maxTranscodes = try reader.read(listening.maxTranscodes)
        roles = try reader.read(work.roles)
        wantsFingerprint = try reader.read(work.fingerprint)
        watches = try reader.read(work.watch)
        analysis = try reader.read(work.analysis)
        hours = WorkHours(heavy: try reader.read(work.heavyHours), quiet: try reader.read(work.quietHours))
        deviceOverrides = DeviceProfile.Overrides(
            audioSlots: try reader.read(work.audioSlots), indexerSlots: try reader.read(work.indexerSlots),
            databaseCacheKiB: try reader.read(place.sqliteCache))
        services = try ServiceSettings(reader)
        embedding = try EmbeddingSettings(reader, services: services)
        vectorSearch = try reader.read(words.vectorSearch)
        lastFMSite = try reader.read(SettingList.outside.lastFMSite)
        downloads = try DownloadSettings(reader)
        elsewhere = try ElsewhereSettings(reader)
        traces = try TraceSettings(reader)
        logLevel = try reader.read(watching.level)
        logFormat = try reader.read(watching.format) ?? (reader.environment.standardErrorIsTerminal ? .text : .json)
        var (lines, hidden): ([SettingLine], [Secret]) = ([], [])
        for setting in SettingList.all {
            lines.append(try setting.line(in: reader))
            hidden += try setting.secrets(in: reader).map(Secret.init)
        }
        (self.lines, self.hidden) = (lines, hidden)
    }

    /// What no line of the log may show.
    var secrets: [String] { hidden.map(\.value) }

    var adminTokenPath: String { dataFolder + "/admin-token" }
    var lockPath: String { dataFolder + "/sillon.lock" }

    /// Who said what a setting is, for sentences about it.
    func name(of setting: any DeclaredSetting) -> String {
        lines.first { $0.key == setting.key }?.origin.name(of: setting) ?? setting.variable
    }
}

extension Settings: CustomStringConvertible {
    /// Safe to print: the token is hidden.
    var description: String {
        "data=\(dataFolder) database=\(database) host=\(host) port=\(port) server=\(server) token=\(token?.description ?? "none")"
            + " analysis=\(analysis.rawValue) log=\(logLevel.rawValue)/\(logFormat.rawValue)"
    }
}
