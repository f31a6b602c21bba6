import Domain
import Foundation
import Integrations
import Logging
import Persistence
import Telemetry

/// Everything that can be set, read once from flags and environment (a flag wins), checked at start.
struct Settings: Sendable {
    /// Absolute.
    let dataFolder: String
    let database: DatabaseLocation
    let pool: PostgresOptions
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
    /// How workers on this device listen.
    let analysis: AnalysisMode
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
    /// Nil where no traces are made.
    let traces: TraceSettings?
    let logLevel: Logger.Level
    let logFormat: LogFormat

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
    }

    /// Throws `CommandError.misconfigured` with a sentence that names the flag or variable.
    init(flags: Flags, environment: Environment) throws(CommandError) {
        dataFolder = try Self.dataFolder(flags.data, environment)
        database = try Self.database(flags.database, environment, dataFolder)
        pool = try PoolSettings.options(environment)
        host = flags.host ?? environment["SILLON_HOST"] ?? Self.defaultHost
        port = try Self.port(flags.port, environment)
        metricsAddress = try Self.metricsAddress(environment)
        server = try Self.server(flags.server, environment, port: port)
        token = (flags.token ?? environment["SILLON_TOKEN"]).map(Secret.init)
        wantsFingerprint = try Self.flag("SILLON_FINGERPRINT", environment)
        analysis = try Self.analysis(flags.analysis, environment)
        maxTranscodes = try Self.maxTranscodes(environment)
        services = try ServiceSettings(environment)
        embedding = try EmbeddingSettings(environment, services: services)
        vectorSearch = try VectorSearch(environment)
        lastFMSite = try ServiceSettings.address("SILLON_LASTFM_SITE_URL", usual: LastFM.defaultSite, environment)
        keyFile = Self.keyFile(environment, dataFolder)
        downloads = try DownloadSettings(environment)
        traces = try TraceSettings(environment)
        logLevel = try Self.logLevel(environment)
        logFormat = try Self.logFormat(environment)
    }

    /// What no line of the log may show.
    var secrets: [String] {
        var secrets = services.entries.values.flatMap { [$0.key?.value, $0.secret?.value] }
        secrets += traces?.headers.map(\.value.value) ?? []
        secrets += [token?.value, database.password, embedding.redis?.password]
        return secrets.compactMap(\.self)
    }

    var adminTokenPath: String { dataFolder + "/admin-token" }
    var lockPath: String { dataFolder + "/sillon.lock" }

    private static func dataFolder(_ flag: String?, _ environment: Environment) throws(CommandError) -> String {
        if let given = flag ?? environment["SILLON_DATA"] {
            guard !given.isEmpty else { throw .misconfigured("the data folder is empty text") }
            return environment.absolute(given)
        }
        // The XDG specification says that a relative path in this variable is to be ignored.
        if let base = environment["XDG_DATA_HOME"], base.hasPrefix("/") { return base + "/sillon" }
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw .misconfigured("cannot tell where the data folder is: give --data DIR or set SILLON_DATA")
        }
        return home + "/.local/share/sillon"
    }

    private static func database(
        _ flag: String?, _ environment: Environment, _ dataFolder: String
    ) throws(CommandError) -> DatabaseLocation {
        if let flag { return try DatabaseLocation(flag, source: "--database", environment) }
        if let url = environment["SILLON_DATABASE_URL"] {
            return try DatabaseLocation(url, source: "SILLON_DATABASE_URL", environment)
        }
        return .file(dataFolder + "/sillon.db")
    }

    private static func port(_ flag: Int?, _ environment: Environment) throws(CommandError) -> Int {
        if let flag {
            guard (0...65535).contains(flag) else { throw .misconfigured("--port is 0 to 65535, not \(flag)") }
            return flag
        }
        guard let text = environment["SILLON_PORT"] else { return defaultPort }
        guard let port = Int(text), (0...65535).contains(port) else {
            throw .misconfigured("SILLON_PORT is 0 to 65535, not \"\(text)\"")
        }
        return port
    }

    private static func metricsAddress(_ environment: Environment) throws(CommandError) -> ListenAddress? {
        guard let text = environment["SILLON_METRICS_LISTEN"] else { return nil }
        guard let address = ListenAddress(text) else {
            throw .misconfigured("SILLON_METRICS_LISTEN is a port, or an address and a port, not \"\(text)\"")
        }
        return address
    }

    private static func server(
        _ flag: String?, _ environment: Environment, port: Int
    ) throws(CommandError) -> String {
        guard let given = flag ?? environment["SILLON_SERVER"] else { return "http://\(defaultHost):\(port)" }
        let url = URLComponents(string: given)
        guard let url, let scheme = url.scheme, ["http", "https"].contains(scheme), url.host?.isEmpty == false else {
            throw .misconfigured("the server is an address such as http://music.local:8080, not \"\(given)\"")
        }
        return given.hasSuffix("/") ? String(given.dropLast()) : given
    }

    private static func keyFile(_ environment: Environment, _ dataFolder: String) -> KeyFile {
        guard let path = environment["SILLON_SECRETS_KEY_FILE"] else {
            return KeyFile(path: dataFolder + "/" + KeyFile.name, isOwn: true)
        }
        return KeyFile(path: environment.absolute(path), isOwn: false)
    }

    private static func flag(_ name: String, _ environment: Environment) throws(CommandError) -> Bool {
        switch environment[name] {
        case nil, "0", "false": false
        case "1", "true": true
        case .some(let text): throw .misconfigured("\(name) is true or false, not \"\(text)\"")
        }
    }

    private static let transcodesMax = 64

    private static func maxTranscodes(_ environment: Environment) throws(CommandError) -> Int? {
        guard let text = environment["SILLON_MAX_TRANSCODES"] else { return nil }
        guard let count = Int(text), (1...transcodesMax).contains(count) else {
            throw .misconfigured("SILLON_MAX_TRANSCODES is 1 to \(transcodesMax), not \"\(text)\"")
        }
        return count
    }

    private static func analysis(
        _ flag: AnalysisMode?, _ environment: Environment
    ) throws(CommandError) -> AnalysisMode {
        if let flag { return flag }
        guard let text = environment["SILLON_ANALYSIS"] else { return .full }
        guard let mode = AnalysisMode(rawValue: text.lowercased()) else {
            throw .misconfigured("SILLON_ANALYSIS is full or windows, not \"\(text)\"")
        }
        return mode
    }

    private static func logLevel(_ environment: Environment) throws(CommandError) -> Logger.Level {
        guard let text = environment["SILLON_LOG_LEVEL"] else { return .info }
        guard let level = Logger.Level(rawValue: text.lowercased()) else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw .misconfigured("SILLON_LOG_LEVEL is one of \(names), not \"\(text)\"")
        }
        return level
    }

    private static func logFormat(_ environment: Environment) throws(CommandError) -> LogFormat {
        switch environment["SILLON_LOG_FORMAT"]?.lowercased() {
        case nil, "auto": environment.standardErrorIsTerminal ? .text : .json
        case "json": .json
        // "human" is what it was called before.
        case "text", "human": .text
        case .some(let text): throw .misconfigured("SILLON_LOG_FORMAT is json, text or auto, not \"\(text)\"")
        }
    }
}

extension Settings: CustomStringConvertible {
    /// Safe to print: the token is hidden.
    var description: String {
        "data=\(dataFolder) database=\(database) host=\(host) port=\(port) server=\(server) token=\(token?.description ?? "none")"
            + " analysis=\(analysis.rawValue) log=\(logLevel.rawValue)/\(logFormat.rawValue)"
    }
}
