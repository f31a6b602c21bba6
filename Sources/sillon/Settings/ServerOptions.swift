import ArgumentParser
import Domain

/// Where a server keeps its data and where it listens.
struct ServerOptions: ParsableArguments {
    @OptionGroup var databaseOptions: DatabaseOptions

    @Option(help: ArgumentHelp("The port to listen on; 0 takes any free one. (default: $SILLON_PORT, else 8080)"))
    var port: Int?

    @Option(
        help: ArgumentHelp(
            "The address to listen on. Others than 127.0.0.1 are open to the network. "
                + "(default: $SILLON_HOST, else 127.0.0.1)"))
    var host: String?

    @Option(help: AnalysisMode.help)
    var analysis: AnalysisMode?

    func settings() throws -> Settings {
        try Settings(
            flags: Settings.Flags(
                data: databaseOptions.dataOptions.data, database: databaseOptions.database, host: host, port: port,
                analysis: analysis),
            environment: .ofProcess())
    }
}
