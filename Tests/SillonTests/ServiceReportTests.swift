import Foundation
import Logging
import TestSupport
import Testing
import UseCases

@testable import sillon

@Suite struct ServiceReportTests {
    private func environment(_ variables: [String: String]) -> Environment {
        Environment(variables: variables, currentFolder: "/", standardErrorIsTerminal: false)
    }

    private let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    @Test(
        "The watchdog's time counts for this process only",
        arguments: [
            (["WATCHDOG_USEC": "30000000"], Duration.seconds(30)),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"], .seconds(30)),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"], nil), (["WATCHDOG_USEC": "0"], nil),
            (["WATCHDOG_USEC": "x"], nil), ([:], nil),
        ] as [([String: String], Duration?)])
    func watchdog(variables: [String: String], expected: Duration?) {
        #expect(ServiceReport.watchdog(environment(variables), 7) == expected)
    }

    @Test(
        "An address is a path or an abstract name that fits",
        arguments: ["", "notify", "@", "vsock:2:1", "/" + String(repeating: "a", count: 107)])
    func noAddress(_ text: String) {
        #expect(throws: CommandError.self) { try ServiceNotifier(text) }
    }

    @Test("A service is ready when the last part has arrived, and says so once")
    func ready() async throws {
        let manager = try NotifySocket(in: nil)
        let report = ServiceReport(environment(["NOTIFY_SOCKET": manager.name]), logger: logger)
        report.awaits([.listener, .worker], "Opening")
        report.arrived(.worker)
        #expect(manager.messages() == [["STATUS=Opening"]])
        report.counts { 1 }
        report.arrived(.listener)
        report.arrived(.listener)
        report.says("Listening")
        #expect(
            manager.lines == [
                "STATUS=Opening", "READY=1", "STATUS=Opening; 1 task in hand",
                "STATUS=Listening; 1 task in hand",
            ])
        report.stops()
        #expect(
            manager.lines.suffix(3) == [
                "STOPPING=1", "EXTEND_TIMEOUT_USEC=20000000",
                "STATUS=Stopping; 1 task in hand",
            ])
    }

    @Test("Pings end when a loop is late, though the report goes round, and come again when it is back")
    func pings() async throws {
        let manager = try NotifySocket(in: nil)
        let report = ServiceReport(
            environment(["NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "40000"]), logger: logger)
        report.awaits([], "")
        report.arrived(.listener)
        let loop = try #require(report.loops).begin("housekeeper")
        let running = Task { await report.run() }
        defer { running.cancel() }
        try await until("it is fed") { manager.count("WATCHDOG=1") > 2 }
        loop.sleeps(.zero)
        try await until("it is late") { manager.status == "; stands still: housekeeper" }
        let count = manager.count("WATCHDOG=1")
        try await Task.sleep(for: .milliseconds(300))
        #expect(manager.count("WATCHDOG=1") == count)
        loop.isAway()
        try await until("it is fed again") { manager.count("WATCHDOG=1") > count + 2 }
    }

    @Test("Without a service manager nobody is told and nothing is watched")
    func alone() async {
        let report = ServiceReport(environment(["WATCHDOG_USEC": "1000"]), logger: logger)
        #expect(report.loops == nil)
        await report.run()
    }

    @Test("Of backups the newest stay, and files with other names")
    func backups() throws {
        let folder = BackupFolder(path: NSTemporaryDirectory() + "sillon-backups-\(UUID().uuidString)")
        try folder.prepare()
        let moment = Date(timeIntervalSince1970: 1_790_000_000)
        #expect(folder.file(at: moment) == folder.path + "/sillon-2026-09-21T141320Z.backup")
        let others = ["sillon-before.backup", "sillon-2026-09-21.backup", "notes.txt"].map { folder.path + "/" + $0 }
        let files = (0..<4).map { folder.file(at: moment + TimeInterval($0 * 86_400)) }
        for file in others + files { try Data().write(to: URL(filePath: file)) }
        #expect(try folder.removeAll(but: 3) == [files[0]])
        #expect(try folder.removeAll(but: 1) == [files[1], files[2]])
        #expect(try folder.removeAll(but: 1) == [])
        for file in others + [files[3]] { #expect(FileManager.default.fileExists(atPath: file)) }
        try FileManager.default.removeItem(atPath: folder.path)
    }
}
