import ArgumentParser
import Demo
import Faults
import Foundation

/// The fault program: breaks things under a running system, and counts what that cost.
@main
struct Chaos: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract: "Break things under a running system, and count what was lost, doubled or stuck.",
        discussion: "The faults: \(Fault.allCases.map(\.rawValue).joined(separator: ", ")).",
        subcommands: [RunCommand.self, WorkerCommand.self], defaultSubcommand: RunCommand.self)
}

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "One run (the default).")

    @Option(help: "The database: \(EngineName.allCases.map(\.rawValue).joined(separator: " or ")).")
    var engine = EngineName.sqlite

    @Option(help: "Repeats the schedule of a run. A random one when absent.")
    var seed: UInt64?

    @Option(help: ArgumentHelp("Seconds of faults, shared out among them.", valueName: "s"))
    var duration = 120.0

    @Option(help: ArgumentHelp("With commas between. All that suit the engine when absent.", valueName: "a,b,c"))
    var faults: String?

    @Option(help: "Orchestrators. SQLite has one.")
    var servers = 2

    @Option(help: "Worker processes.")
    var workers = 3

    @Option(help: "What runs as workers: sillon; quick (short leases); unfenced (short leases, no fence: must fail).")
    var workerProgram = WorkerProgram.sillon

    @Option(help: ArgumentHelp("The music to scan. The demo library when absent.", valueName: "dir"))
    var music: String?

    @Flag(help: "Print a report as JSON on standard output; what goes on goes to standard error.")
    var json = false

    func validate() throws {
        guard duration > 0, duration <= 86_400, (1...8).contains(servers), (1...16).contains(workers) else {
            throw ValidationError("--duration is at most a day, --servers 1 to 8, --workers 1 to 16")
        }
        _ = try chosenFaults()
    }

    func run() async throws {
        let seed = seed ?? UInt64.random(in: 1...999_999)
        let scratch = FileManager.default.temporaryDirectory.appending(path: "sillon-chaos-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }  // in the folder for temporary files
        var plan = ChaosPlan(
            engine: engine, seed: seed, seconds: duration, faults: try chosenFaults(),
            music: try await music(scratch))
        plan.servers = servers
        plan.workers = workers
        plan.workerProgram = workerProgram
        let begin = ContinuousClock.now
        let isQuiet = json
        let chaos = ChaosRun(plan) { line in
            let stamped = "\(Int((ContinuousClock.now - begin) / .seconds(1))) s  \(line)\n"
            (isQuiet ? FileHandle.standardError : FileHandle.standardOutput).write(Data(stamped.utf8))
        }
        let report = try await untilStopped { try await chaos.run() }
        print(json ? try report.json : report.text)
        if !report.violations.isEmpty { throw ExitCode(1) }
    }

    /// A run that is broken off ends what it has started, too.
    private func untilStopped<Result: Sendable>(
        _ run: @Sendable @escaping () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await run() }
        let signals = StopSignals { task.cancel() }
        defer { signals.cancel() }
        do {
            return try await task.value
        } catch  where task.isCancelled {
            throw ExitCode(130)
        }
    }

    private func chosenFaults() throws -> [Fault] {
        guard let faults else { return Fault.allCases.filter { engine == .postgres || !$0.needsServer } }
        return try faults.split(separator: ",").map { name in
            guard let fault = Fault(rawValue: String(name)) else {
                throw ValidationError("\(name) is none of \(Fault.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            guard engine == .postgres || !fault.needsServer else {
                throw ValidationError("\(name) needs --engine postgres")
            }
            return fault
        }
    }

    private func music(_ scratch: URL) async throws -> String {
        if let music { return URL(fileURLWithPath: music).standardizedFileURL.path }
        let demo = try DemoLibrary(
            searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            slots: ProcessInfo.processInfo.activeProcessorCount)
        _ = try await demo.write(to: scratch) { _, _ in }
        return scratch.path
    }
}

/// What a run starts as its workers when they are to be `quick` or `unfenced`.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "worker", shouldDisplay: false)

    @Flag(help: "Believe every result, however late.")
    var unfenced = false

    func run() async throws {
        try await QuickWorker.run(isFenced: !unfenced, environment: ProcessInfo.processInfo.environment)
    }
}

extension EngineName: ExpressibleByArgument {}
extension WorkerProgram: ExpressibleByArgument {}
