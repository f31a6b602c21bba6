import ArgumentParser
import Foundation
import StandIns

/// Plays the services outside, on loopback, until it is stopped.
@main
struct StandInsProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stand-ins",
        abstract: "Play the services outside, each on a port of loopback.",
        discussion: """
            Prints the lines for the environment of `sillon up`. What each server received: GET CONTROL/NAME/journal.
            What it does wrong: POST CONTROL/NAME/faults {"fault": "status", "status": 429, "retry_after": 1, "times": 3}.
            """)

    @Argument(
        help: ArgumentHelp(
            "Which to play: \(Fleet.Name.allCases.map(\.rawValue).joined(separator: ", ")). All when absent.",
            valueName: "name"))
    var names: [String] = []

    @Option(
        help: ArgumentHelp("The control port; the services take those after it. 0 takes free ones.", valueName: "n"))
    var port = 8790

    @Option(
        help: ArgumentHelp(
            "Where slskd puts what it fetched. A folder that goes with the program when absent.", valueName: "dir"))
    var downloads: String?

    @Option(help: ArgumentHelp("The version of slskd to play; batches of downloads came with 0.26.0.", valueName: "v"))
    var slskdVersion = "0.26.0"

    @Option(help: ArgumentHelp("All waiting for peers is multiplied by this.", valueName: "factor"))
    var slskdTime = 1.0

    @Option(help: ArgumentHelp("Listens that Last.fm takes of somebody on one day.", valueName: "n"))
    var lastfmDay = 2_800

    func validate() throws {
        for name in names where Fleet.Name(rawValue: name) == nil { throw ValidationError("there is no \(name)") }
        guard slskdTime > 0, slskdTime <= 100 else { throw ValidationError("--slskd-time is up to 100") }
        guard (0...65_000).contains(port) else { throw ValidationError("--port is 0 to 65000") }
    }

    func run() async throws {
        let chosen = names.isEmpty ? Fleet.Name.allCases : names.compactMap { Fleet.Name(rawValue: $0) }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let stop = Stop()
        let own = FileManager.default.temporaryDirectory.appending(path: "stand-in-downloads-\(UUID().uuidString)")
        let folder = downloads.map { URL(filePath: $0) } ?? own
        defer { try? FileManager.default.removeItem(at: own) }  // it may never have been made
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var settings = Fleet.Settings(downloads: folder)
        settings.slskd.version = slskdVersion
        settings.slskd.timeScale = slskdTime
        settings.lastFM.dailyLimit = lastfmDay
        let fleet = try await Fleet(
            Set(chosen), settings: settings, firstPort: port, searchPath: path)
        var lines = ["# Control: \(fleet.control.url)/NAME/journal|faults|away|back"] + fleet.environment
        lines.append("# Ready. Ctrl-C ends all of them.")
        // At once, also into a pipe.
        FileHandle.standardOutput.write(Data((lines.joined(separator: "\n") + "\n").utf8))
        await stop.wait()
        await fleet.stop()
    }
}
