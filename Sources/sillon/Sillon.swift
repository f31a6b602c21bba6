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

            Environment (a flag wins over its variable): SILLON_DATA, SILLON_DATABASE_URL,
            SILLON_SERVER, SILLON_TOKEN, SILLON_HOST, SILLON_PORT, SILLON_LOG_LEVEL
            (trace to critical), SILLON_LOG_FORMAT (json, text or auto), SILLON_FINGERPRINT
            (true or false), SILLON_EMBEDDING_MODELS (ollama:nomic-embed-text, say),
            SILLON_OLLAMA_URL, SILLON_OPENAI_URL, SILLON_OPENAI_KEY_FILE; of all services
            outside SILLON_…_URL, _KEY_FILE, _SECRET_FILE, _HOSTS, _RATE; SILLON_CONTACT,
            SILLON_SECRETS_KEY_FILE; SILLON_METRICS_LISTEN (9464, say);
            SILLON_WEBHOOK_HOSTS (nas.home:8123, say);
            SILLON_OTLP_ENDPOINT (http://127.0.0.1:4318, say), SILLON_TRACE_RATIO.
            """,
        version: Build.version,
        subcommands: [
            UpCommand.self, ServeCommand.self, WorkerCommand.self,
            ScanCommand.self, StatusCommand.self, TasksCommand.self, SimilarCommand.self, RadioCommand.self,
            PathCommand.self, DuplicatesCommand.self, SearchCommand.self, CoversCommand.self, DownloadCommand.self,
            ReplayGainCommand.self,
            DoctorCommand.self, MigrateCommand.self, CopyCommand.self, BackupCommand.self, RestoreCommand.self,
            HistoryCommand.self, PlaylistsCommand.self, WebhooksCommand.self,
            TokenCommand.self, AccountCommand.self, SecretsCommand.self, ServicesCommand.self, ProbeCommand.self,
            VectorsCommand.self,
            DemoCommand.self, BenchCommand.self,
        ])
}

/// What this build is.
enum Build {
    static let version = "0.1.0"
}
