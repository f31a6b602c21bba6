import Contracts
import Demo
import Foundation
import TestSupport
import Testing

/// What a device on the way to a server meets: certificates, and disks that are full.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct RemoteDeviceTests {
    /// A server with a worker that walks, indexes and makes vectors, and a device that is to listen.
    private func stage() async throws -> (lab: Lab, server: ServerProcess) {
        let lab = try Lab()
        let tree = Tree(lab.music)
        for song in try await SongShelf.songs() { try tree.write(song.fileName, song.tagged()) }
        let server = try await ServerProcess.start(lab, .serve)
        _ = try await Fleet.remoteWorker(
            lab, server.api, roles: "indexer,vector", arguments: ["--map", "\(lab.music)=\(lab.music)"])
        return (lab, server)
    }

    @Test("A device works through TLS when it is told whom to trust, and else ends with what to do")
    func encrypted() async throws {
        let (lab, server) = try await stage()
        let proxy = try await TLSProxy(lab, before: server.api.base)
        let token = try await Fleet.workerToken(server.api, roles: "audio")
        let line = ["worker", "--roles", "audio", "--server", proxy.url, "--cache", lab.folder + "/device"]
        let environment = ["SILLON_TOKEN": token.secret]
        let wary = try await lab.run(line, environment: environment)
        #expect(wary.exit == .code(78) && wary.errors.contains("--ca FILE"), "\(wary)")
        // It trusts the certificate, but not for another name.
        let elsewhere = proxy.url.replacing("localhost", with: "127.0.0.1")
        let mistaken = try await lab.run(
            line.map { $0 == proxy.url ? elsewhere : $0 } + ["--ca", proxy.certificate], environment: environment)
        #expect(mistaken.exit == .code(78), "\(mistaken)")
        let wrong = try await lab.run(line + ["--ca", lab.folder + "/absent.pem"], environment: environment)
        #expect(wrong.exit == .code(78) && wrong.errors.contains("absent.pem"), "\(wrong)")
        // The same by its settings.
        let file = lab.folder + "/device.toml"
        let text = "ca = '\(lab.folder)/absent.pem'\ncache = '\(lab.folder)/device'\n"
        try Data(text.utf8).write(to: URL(filePath: file))
        let named = ["worker", "--roles", "audio", "--server", proxy.url, "--config", file]
        let absent = try await lab.run(named, environment: environment)
        #expect(
            absent.exit == .code(78)
                && absent.errors.contains("\(file):1: ca \(lab.folder)/absent.pem cannot be used"), "\(absent)")
        let mapped = "/nowhere=\(lab.folder)/away"
        let device = try lab.start(
            named, environment: environment.merging(["SILLON_CA": proxy.certificate, "SILLON_MAP": mapped]) { $1 })
        let scan = try await server.api.scan(lab.music)
        #expect(scan["state"]?.text == "finished" && scan.progress("analyzed") == 8, "\(scan)")
        #expect(scan.progress("failed") == 0)
        #expect(device.words.contains("SILLON_MAP \(lab.folder)/away: No such file"), "\(device.words)")
        device.signal(SIGTERM)
        #expect(try await device.waitForExit() == .code(0))
    }

    @Test("A device whose cache is full tries the file again later, and says why")
    func fullCache() async throws {
        let (lab, server) = try await stage()
        guard let disk = try SmallDisk(lab.folder + "/small", mebibytes: 8) else { return }
        let token = try await Fleet.workerToken(server.api, roles: "audio")
        let device = try lab.start(
            ["worker", "--roles", "audio", "--server", server.api.base, "--cache", disk.path + "/cache"],
            environment: ["SILLON_TOKEN": token.secret])
        try await until("the device is known") {
            try await server.api.ask(.get, "/v1/workers").items.contains {
                $0["process_id"]?.int == Int64(device.id) && $0["alive"]?.flag == true
            }
        }
        try disk.fill()
        let scan = try await server.api.startScan(lab.music)
        let refused = try await until("a task waits for its next attempt", every: .milliseconds(10)) {
            () -> JSONValue? in
            try await server.api.ask(.get, "/v1/tasks?state=scheduled").items.first
        }
        disk.free()
        #expect(refused["last_failure"]?["reason"]?.text == "io_error")
        #expect(refused["last_failure"]?["message"]?.text?.contains("the disk is full") == true, "\(refused)")
        let ended = try await server.api.ended(scan)
        #expect(ended["state"]?.text == "finished" && ended.progress("analyzed") == 8, "\(ended)")
        device.signal(SIGTERM)
        #expect(try await device.waitForExit() == .code(0))
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path + "/cache") == [])
    }
}
