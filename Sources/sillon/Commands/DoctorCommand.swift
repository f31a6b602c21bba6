import ArgumentParser
import Audio
import Contracts
import Domain
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
        let device = DeviceProbe().findings().settled(settings.deviceOverrides)
        let checks =
            [Self.rootCheck(), Self.librariesCheck(), Self.sandboxCheck(), Self.ffmpegCheck(environment)]
            + DeviceChecks.all(settings)
            + [WatchCheck.run(isOn: settings.watches, memoryBytes: device.profile.memoryBytes)]
            + DataFolderCheck.all(settings)
            + [await DatabaseCheck.run(settings), await VectorSearchCheck.run(settings)]
        let report = DoctorReport(
            version: Build.version, device: device,
            choices: DeviceChoices(profile: device.profile, settings: settings).all, checks: checks.compactMap { $0 })
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
}
