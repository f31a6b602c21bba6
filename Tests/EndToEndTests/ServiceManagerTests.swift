import Contracts
import Foundation
import Glibc
import TestSupport
import Testing

/// What a service manager hears of whole processes.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct ServiceManagerTests {
    /// A watchdog that barks soon, so that tests need not wait for long.
    private static func watched(by manager: NotifySocket) -> [String: String] {
        ["NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "300000"]
    }

    @Test(
        "A server is ready when it listens and claims, feeds the watchdog, and says that it stops",
        arguments: [true, false])
    func life(_ hasPath: Bool) async throws {
        let library = try await Library()
        let manager = try NotifySocket(in: hasPath ? library.lab.folder : nil)
        let server = try await ServerProcess.start(
            library.lab, music: [library.lab.music], environment: Self.watched(by: manager))
        try await until("it is ready") { manager.count("READY=1") == 1 }
        let begun = manager.lines
        let ready = try #require(begun.firstIndex(of: "READY=1"))
        #expect(begun.firstIndex(of: "WATCHDOG=1").map { $0 > ready } ?? true)
        #expect(begun.first == "STATUS=Opening the database and the index")
        try await server.api.allScansEnded()
        let before = manager.count("WATCHDOG=1")
        try await until("the watchdog is fed again") { manager.count("WATCHDOG=1") > before + 2 }
        let address = "Listening on " + server.api.base
        #expect(manager.lines.contains { $0.hasPrefix("STATUS=\(address); ") && $0.hasSuffix(" in hand") })
        try await until("nothing is in hand") { manager.status == address }
        #expect(try await server.stop() == .code(0))
        let end = manager.lines
        let stop = try #require(end.firstIndex(of: "STOPPING=1"))
        #expect(end[stop...].contains("EXTEND_TIMEOUT_USEC=20000000"))
        #expect(end[stop...].contains("STATUS=Stopping"))
        #expect(!end[stop...].contains("WATCHDOG=1") && manager.count("READY=1") == 1)
    }

    @Test("The watchdog starves while the housekeeper or the workers stand still, and is fed when they go on")
    func stall() async throws {
        guard Engine.available.contains(.postgres) else { return }
        let lab = try Lab(.postgres)
        let manager = try NotifySocket(in: lab.folder)
        let server = try await ServerProcess.start(lab, environment: Self.watched(by: manager))
        try await until("the watchdog is fed") { manager.count("WATCHDOG=1") > 3 }
        #expect(!(manager.status ?? "").contains("stands still"))
        // As when the machine of the database is paused: connections stay, and nothing is answered any more.
        let backends = try backends(of: lab)
        #expect(!backends.isEmpty)
        for id in backends { kill(id, SIGSTOP) }
        defer { for id in backends { kill(id, SIGCONT) } }
        try await until("it is told what stands still", .seconds(60)) {
            manager.status?.contains("; stands still: ") == true
        }
        let starved = manager.count("WATCHDOG=1")
        // Far longer than the watchdog waits: systemd would end the process.
        try await Task.sleep(for: .seconds(2))
        #expect(manager.count("WATCHDOG=1") == starved)
        #expect(server.process.words.contains("The work stands still"))
        for id in backends { kill(id, SIGCONT) }
        try await until("the watchdog is fed again") { manager.count("WATCHDOG=1") > starved + 2 }
        #expect(try await server.stop() == .code(0))
    }

    private func backends(of lab: Lab) throws -> [pid_t] {
        let url = try #require(lab.server?.url)
        let query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        return try Tool.run("psql", [url, "-XAtqc", query]).split(separator: "\n").compactMap { pid_t($0) }
    }

    @Test("A worker for a server that is not there yet is ready, and says for whom it waits")
    func remoteWorker() async throws {
        let lab = try Lab()
        let manager = try NotifySocket(in: lab.folder)
        // Nobody listens on port 1.
        let address = "http://127.0.0.1:1"
        let worker = try lab.start(
            ["worker", "--roles", "audio", "--server", address, "--cache", lab.folder + "/cache"],
            environment: Self.watched(by: manager).merging(["SILLON_TOKEN": "sillon_x"]) { $1 })
        try await until("it is ready and fed") { manager.count("READY=1") == 1 && manager.count("WATCHDOG=1") > 5 }
        #expect(manager.status == "Waiting for \(address)")
        worker.signal(SIGTERM)
        #expect(try await worker.waitForExit() == .code(0))
        #expect(manager.count("STOPPING=1") == 1)
    }

    @Test("An address that is none is told in the log, and keeps nobody from starting")
    func badAddress() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab, .serve, environment: ["NOTIFY_SOCKET": "notify"])
        #expect(server.process.words.contains("NOTIFY_SOCKET is a path or an abstract name"))
        #expect(try await server.stop() == .code(0))
    }
}
