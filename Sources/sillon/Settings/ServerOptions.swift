import ArgumentParser
import Domain

/// Where a server keeps its data and where it listens.
struct ServerOptions: ParsableArguments {
    @OptionGroup var databaseOptions: DatabaseOptions

    @Option(help: SettingList.listening.port.help("port"))
    var port: Int?

    @Option(help: SettingList.listening.host.help("host"))
    var host: String?

    @Option(help: SettingList.work.analysis.help("mode"))
    var analysis: AnalysisMode?

    func settings(music: [String] = [], roles: RoleList? = nil) throws -> Settings {
        try .ofProcess(flags(music: music, roles: roles), config: config)
    }

    func flags(music: [String] = [], roles: RoleList? = nil) -> Settings.Flags {
        Settings.Flags(
            data: databaseOptions.dataOptions.data, database: databaseOptions.database, host: host, port: port,
            analysis: analysis, music: music, roles: roles)
    }

    var config: String? { databaseOptions.dataOptions.config }
}
