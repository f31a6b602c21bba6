import ArgumentParser

/// Where the data lies, and the configuration; shared by every command.
struct DataOptions: ParsableArguments {
    @Option(help: SettingList.place.data.help("dir"))
    var data: String?

    @Option(help: ConfigFile.help)
    var config: String?
}

/// Which database a command works on; shared by those that open it themselves.
struct DatabaseOptions: ParsableArguments {
    @OptionGroup var dataOptions: DataOptions

    @Option(help: SettingList.place.database.help("url"))
    var database: String?

    func settings() throws -> Settings {
        try .ofProcess(
            Settings.Flags(data: dataOptions.data, database: database), config: dataOptions.config)
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
        let flags = Settings.Flags(data: dataOptions.data, port: port, server: server, token: token)
        var reader = try SettingReader.ofProcess(flags, config: dataOptions.config, isClient: true)
        let (server, port) = (SettingList.listening.server, SettingList.listening.port)
        // A port in the file is where a server was meant to listen; one that runs says where it does.
        if reader.origin(of: server) == .fallback,
            reader.origin(of: port).strength < SettingOrigin.variable("").strength
        {
            let lock = try Settings.checked(reader).lockPath
            reader.flags[server.key] = FolderLock.announced(path: lock).map { [$0] }
        }
        return try .checked(reader)
    }

    func client() throws -> APIClient {
        APIClient(settings: try settings())
    }
}
