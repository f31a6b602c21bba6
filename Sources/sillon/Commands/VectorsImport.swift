import ArgumentParser
import Contracts
import Persistence
import Similarity
import UseCases

struct VectorsImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take in what another install heard, so that this one need not listen again.",
        discussion: """
            The file is one that sillon vectors export --portable wrote. It is keyed by the
            content of the audio: paths and tags do not matter, and the music may come
            before or after. What is known here already stays as it is. A line that is not
            usable is reported with its number and passed over; the exit code is then 1. It
            is safe to take in the same file twice, and while a server runs.

            Examples:
              sillon vectors import analyses.jsonl
              gzip -dc analyses.jsonl.gz | sillon vectors import - --json
            """)

    @Argument(help: "The file; - stands for standard input.")
    var file: String

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    @OptionGroup var databaseOptions: DatabaseOptions

    /// The longest that an analysis can be is some hundred kilobytes.
    private static let maxLineBytes = 8 << 20

    func run() async throws {
        let settings = try databaseOptions.settings()
        let path = file == "-" ? file : Environment.ofProcess().absolute(file)
        var lines = try LineReader(path: path, maxBytes: Self.maxLineBytes)
        if case .file = settings.database { try DataFolder(path: settings.dataFolder).prepare() }
        let database = try settings.database.open(settings)
        try await settings.database.checkAnswer(of: database)
        _ = try await Migrator(database: database).up(now: SystemClock.microseconds())
        let report = PortableReport(try await take(&lines, into: database))
        try database.close()
        for line in report.remarks { Console.note(line) }
        try Console.line(json ? ContractJSON.encode(report) : report.text)
        if !report.isFine { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private func take(_ lines: inout LineReader, into database: any Database) async throws -> PortableImport.Report {
        var portable = PortableImport(
            store: DatabaseCatalogue(database: database), dimensions: [AcousticV1.modelName: AcousticV1.dimension],
            clock: SystemClock.microseconds)
        do {
            while let line = try lines.next() { try await portable.take(line.text) }
            try await portable.finish()
        } catch let refusal as PortableImport.Refusal {
            throw CommandError.failed("\(file): \(refusal)")
        }
        return portable.report
    }
}
