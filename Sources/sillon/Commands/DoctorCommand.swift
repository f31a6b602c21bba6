import ArgumentParser
import Audio
import Contracts
import Foundation
import Persistence
import Telemetry

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tell what this device can do, what was chosen for it and why, and what is missing.",
        discussion: """
            With --database it reads the whole database instead: whether the file or the tables are
            sound, the ledger of each scan equals its live tasks, every analysis has its track, every
            vector its analysis, and every sum is that of its parts. It changes nothing and may run
            beside a server. An analysis without a track is told, but is no fault.

            Ends with 1 when something is wrong.

            Examples:
              sillon doctor
              sillon doctor --data /srv/sillon --json
              sillon doctor --database
              SILLON_DATABASE_URL=postgres://… sillon doctor --database
            """)

    @OptionGroup var dataOptions: DataOptions

    @Option(
        defaultAsFlag: AuditedDatabase.configured, parsing: .next,
        help: ArgumentHelp(
            "Look through the whole database for what contradicts itself. Without a value: $SILLON_DATABASE_URL, else "
                + "sillon.db in the data folder; with one: that file, or postgres://user@host/name.", valueName: "url"))
    var database: AuditedDatabase?

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    func run() async throws {
        let environment = Environment.ofProcess()
        let settings = try Settings.ofProcess(
            Settings.Flags(data: dataOptions.data, database: database?.location), config: dataOptions.config)
        if database != nil { return try await audit(settings) }
        let checks =
            [Self.rootCheck(), Self.librariesCheck(), Self.sandboxCheck(), Self.ffmpegCheck(environment)]
            + DeviceChecks.all(settings) + Self.folderChecks(settings)
            + [await DatabaseCheck.run(settings), await VectorSearchCheck.run(settings)]
        let report = DoctorReport(
            version: Build.version, device: DeviceProbe().findings(), checks: checks.compactMap { $0 })
        if json {
            try Console.line(ContractJSON.encode(report))
        } else {
            try Console.line(report.lines().map(ControlCharacters.escaped).joined(separator: "\n"))
        }
        if report.hasProblem { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private func audit(_ settings: Settings) async throws {
        guard settings.database.exists else {
            throw CommandError.misconfigured("there is no database at \(settings.database)")
        }
        let database = try await MaintenanceAccess.open(settings.database)
        let report = AuditReport(
            database: "\(settings.database)", checks: try await DatabaseAudit(database: database).run())
        try database.close()
        try Console.line(
            json
                ? ContractJSON.encode(report)
                : report.lines().map(ControlCharacters.escaped).joined(separator: "\n"))
        if !report.isSound { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private static func rootCheck() -> DoctorReport.Check? {
        guard geteuid() == 0 else { return nil }
        return .init(name: "user", verdict: .warning, detail: "root; an ordinary user is enough and safer")
    }

    private static func librariesCheck() -> DoctorReport.Check {
        .init(name: "media libraries", verdict: .fine, detail: MediaHostCheck.libraries)
    }

    private static func sandboxCheck() -> DoctorReport.Check {
        let name = "media sandbox"
        switch MediaHostCheck.sandbox() {
        case .active:
            return .init(name: name, verdict: .fine, detail: "active: files are read behind a system call filter")
        case .open:
            return .init(name: name, verdict: .problem, detail: "not active: the kernel lacks system call filters")
        case .dead(let why):
            return .init(name: name, verdict: .problem, detail: "no media host works here: " + why)
        }
    }

    private static func ffmpegCheck(_ environment: Environment) -> DoctorReport.Check {
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        if let folder = folders.first(where: { access("\($0)/ffmpeg", X_OK) == 0 }) {
            return .init(name: "ffmpeg command", verdict: .fine, detail: "\(folder)/ffmpeg")
        }
        return .init(
            name: "ffmpeg command", verdict: .warning, detail: "not found; only the demo library needs it")
    }

    private static func storage(_ settings: Settings) -> DoctorReport.Check {
        let kind = StorageProbe().kind(of: settings.dataFolder)
        var verdict = DoctorReport.Verdict.fine
        if case .memory = kind { verdict = .warning }
        if case .network = kind, case .file = settings.database {
            return .init(
                name: "storage", verdict: .problem,
                detail: kind.text
                    + ": SQLite keeps its log only on a disk of this machine; move the data folder, or use "
                    + "PostgreSQL")
        }
        return .init(name: "storage", verdict: verdict, detail: kind.text)
    }

    /// Less than this and the database may fill the disk in one scan.
    private static let lowSpaceBytes: Int64 = 1 << 30

    private static func folderChecks(_ settings: Settings) -> [DoctorReport.Check] {
        let probe = DataFolderProbe(path: settings.dataFolder)
        guard probe.exists else {
            return [
                .init(
                    name: "data folder", verdict: .warning,
                    detail: "\(settings.dataFolder) is not there yet; sillon up makes it")
            ]
        }
        guard probe.isWritable else {
            return [
                .init(name: "data folder", verdict: .problem, detail: "\(settings.dataFolder) cannot be written")
            ]
        }
        var checks: [DoctorReport.Check] = []
        let isOpen = DataFolder(path: settings.dataFolder).isOpenToOthers
        checks.append(
            .init(
                name: "data folder", verdict: isOpen ? .warning : .fine,
                detail: settings.dataFolder + (isOpen ? "; others may look into it (chmod 700 it)" : "")))
        checks.append(storage(settings))
        if let free = probe.freeBytes {
            checks.append(
                .init(
                    name: "free space", verdict: free < lowSpaceBytes ? .warning : .fine,
                    detail: Readable.bytes(free)))
        }
        if let time = probe.syncTime() {
            checks.append(
                .init(
                    name: "durable write", verdict: .fine,
                    detail: "\(Readable.decimal(time / .milliseconds(1), 2)) ms (write and fsync of 4 KiB, median)"))
        } else {
            checks.append(
                .init(name: "durable write", verdict: .problem, detail: "a file cannot be written and synced"))
        }
        return checks
    }
}
