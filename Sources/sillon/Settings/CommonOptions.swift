import ArgumentParser

/// Where the data lies; shared by every command.
struct DataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The data folder (database, admin token). Default: $SILLON_DATA, else $XDG_DATA_HOME/sillon, "
                + "else ~/.local/share/sillon.", valueName: "dir"))
    var data: String?
}

/// Which database a command works on; shared by those that open it themselves.
struct DatabaseOptions: ParsableArguments {
    @OptionGroup var dataOptions: DataOptions

    @Option(
        help: ArgumentHelp(
            "The database: a file, or postgres://user@host/name (keep the password in $SILLON_DATABASE_URL or "
                + "~/.pgpass). Default: $SILLON_DATABASE_URL, else sillon.db in the data folder.", valueName: "url"))
    var database: String?

    func settings() throws -> Settings {
        try Settings(
            flags: Settings.Flags(data: dataOptions.data, database: database), environment: .ofProcess())
    }
}

/// How a command reaches the server.
struct ClientOptions: ParsableArguments {
    @OptionGroup var dataOptions: DataOptions

    @Option(
        help: ArgumentHelp(
            "The server. Default: $SILLON_SERVER, else the one that runs on the data folder.", valueName: "url"))
    var server: String?

    @Option(
        help: ArgumentHelp(
            "The port of a server on this machine. Default: $SILLON_PORT.", valueName: "n"))
    var port: Int?

    @Option(
        help: ArgumentHelp(
            "The access token. Default: $SILLON_TOKEN, else the file admin-token in the data folder.",
            valueName: "token"))
    var token: String?

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    func settings() throws -> Settings {
        let environment = Environment.ofProcess()
        var flags = Settings.Flags(data: dataOptions.data, port: port, server: server, token: token)
        if server == nil, port == nil, environment["SILLON_SERVER"] == nil, environment["SILLON_PORT"] == nil {
            let lock = try Settings(flags: flags, environment: environment).lockPath
            flags.server = FolderLock.announced(path: lock)
        }
        return try Settings(flags: flags, environment: environment)
    }

    func client() throws -> APIClient {
        APIClient(settings: try settings())
    }
}
