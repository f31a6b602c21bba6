import ArgumentParser

/// The root of the command line.
struct Sillon: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sillon",
        abstract: "Indexes a music library, listens to every file, and answers what sounds alike.",
        discussion: """
            Examples:
              sillon up --music ~/Music     everything on this machine
              sillon scan ~/Music --wait    scan with a progress bar
              sillon similar "nina simone feeling good"
              sillon search "coltrane bl"
              sillon status
              sillon tasks list --state dead

            Exit codes: 0 done, 1 failed, 64 wrong usage, 69 server not reachable,
            78 wrong configuration.

            Settings come from /etc/sillon/sillon.toml (or the file of --config or
            SILLON_CONFIG), from variables and from flags, which are strongest.
            sillon config reference explains them; X is a service outside:
            \(variables)
            """,
        version: Build.version,
        subcommands: [
            UpCommand.self, ServeCommand.self, WorkerCommand.self,
            ScanCommand.self, RootsCommand.self, StatusCommand.self, TasksCommand.self, SimilarCommand.self,
            RadioCommand.self,
            PathCommand.self, DuplicatesCommand.self, SearchCommand.self, CoversCommand.self, DownloadCommand.self,
            ReplayGainCommand.self,
            DoctorCommand.self, MigrateCommand.self, CopyCommand.self, BackupCommand.self, RestoreCommand.self,
            HistoryCommand.self, PlaylistsCommand.self, WebhooksCommand.self,
            TokenCommand.self, AccountCommand.self, SecretsCommand.self, ServicesCommand.self, ProbeCommand.self,
            VectorsCommand.self, ConfigCommand.self,
            DemoCommand.self, BenchCommand.self,
        ])
}

extension Sillon {
    private static let lineLength = 76

    /// The names of all variables, in lines that fit.
    private static var variables: String {
        let names = SettingList.groups.flatMap(\.settings).map(\.variable)
        let services = SettingGroup("", ServiceDeclarations(nil)).settings.map(\.variable)
        var (lines, line) = ([String](), "")
        for name in names + services {
            if !line.isEmpty, line.count + name.count + 2 > lineLength {
                lines.append(line + ",")
                line = ""
            }
            line += line.isEmpty ? name : ", " + name
        }
        return (lines + [line]).joined(separator: "\n")
    }
}

/// What this build is.
enum Build {
    static let version = "0.1.0"
}
