import Contracts
import Foundation
import TestSupport
import Testing

/// Library roots from the shell and over HTTP, on a real server.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct RootsTests {
    private func roots(_ lab: Lab, _ server: ServerProcess, _ arguments: String...) async throws -> Lab.Finished {
        try await lab.run(
            ["roots"] + arguments, environment: ["SILLON_DATA": lab.data, "SILLON_SERVER": server.api.base])
    }

    @Test("A folder is added, set and removed from the shell; what is no schedule and no root is said so")
    func shell() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab, .serve)
        let none = try await roots(lab, server)
        #expect(none.exit == .code(0) && none.output.isEmpty && none.errors.contains("no library roots"))

        let added = try await roots(lab, server, "add", lab.music, "--schedule", "every 90m")
        #expect(added.exit == .code(0), "\(added.errors)")
        #expect(added.output.contains("Root 1, \(lab.music). Watched: ") && added.output.contains("every 90m."))
        let again = try await roots(lab, server, "add", lab.music + "/", "--no-watch", "--json")
        let root = try ContractJSON.decode(JSONValue.self, from: again.output)
        #expect(root["id"] == 1 && root["watch"] == false && root["schedule"] == "every 90m")

        let list = try await roots(lab, server, "list")
        let lines = list.output.split(separator: "\n")
        #expect(lines.count == 2 && lines[0].hasPrefix("ID  PATH") && lines[1].contains("no, it is switched off"))
        #expect(lines.last?.contains("every 90m") == true && lines.last?.hasSuffix("never") == true)

        for (name, schedule) in [(lab.music, "daily 03:30"), ("1", "auto")] {
            let set = try await roots(lab, server, "set", name, "--watch", "--schedule", schedule)
            #expect(set.exit == .code(0) && set.output.contains("Schedule: \(schedule)."), "\(set.errors)")
            let root = try await server.api.ask(.get, "/v1/roots/1")
            #expect(root["watch"] == true && root["schedule"]?.text == schedule)
        }
        for (arguments, code, words) in [
            (["set", "1", "--schedule", "hourly"], 64, "a schedule is auto, off"),
            (["add", lab.music, "--schedule", "every 4m"], 64, "a schedule is auto, off"),
            (["set", "1"], 64, "--no-watch"),
            (["remove", "1"], 64, "--yes"), (["remove", "7", "--yes"], 1, "there is no library root 7"),
            (["set", lab.folder, "--watch"], 1, "is no library root"), (["add", lab.folder], 1, "overlaps"),
            (["add", lab.folder + "/nowhere"], 1, "there is no folder"),
        ] as [([String], Int32, String)] {
            let refused = try await lab.run(
                ["roots"] + arguments, environment: ["SILLON_DATA": lab.data, "SILLON_SERVER": server.api.base])
            #expect(refused.exit == .code(code) && refused.errors.contains(words), "\(arguments): \(refused.errors)")
        }
        #expect(try await server.api.ask(.get, "/v1/roots").items.count == 1)

        let removed = try await roots(lab, server, "remove", lab.music, "--yes")
        #expect(removed.exit == .code(0) && removed.errors.contains("no library root any more"))
        #expect(try await server.api.ask(.get, "/v1/roots").items.isEmpty)
        #expect(try await server.stop() == .code(0))
    }

    @Test("Settings of a root outlive a restart, and go with the root", arguments: Engine.available)
    func restart(engine: Engine) async throws {
        let lab = try Lab(engine)
        let first = try await ServerProcess.start(lab, .serve)
        let added = try await first.api.send(
            .post, "/v1/roots", ["path": .string(lab.music), "watch": false, "schedule": "every 7d"])
        #expect(added.status == 201)
        let place = try #require(added.headers["location"])
        #expect(try await first.stop() == .code(0))

        let second = try await ServerProcess.start(lab, .serve)
        let root = try await second.api.ask(.get, place)
        #expect(root["watch"] == false && root["schedule"] == "every 7d" && root["is_reachable"] == true)
        let wrong = try await second.api.send(.patch, place, ["schedule": "weekly"])
        #expect(wrong.status == 422 && wrong.body.contains("every 6h"))
        #expect(try await second.api.ask(.patch, place, ["watch": true])["schedule"] == "every 7d")
        #expect(try await second.api.send(.delete, place).status == 204)
        #expect(try await second.api.send(.delete, place).status == 404)
        let new = try await second.api.ask(.post, "/v1/roots", ["path": .string(lab.music)])
        #expect(new["watch"] == true && new["schedule"] == "auto")
        #expect(try await second.stop() == .code(0))
    }

    @Test("A root that is removed takes nothing along: its tracks are missing, and are themselves again with it")
    func tracks() async throws {
        let library = try await Library()
        let server = try await library.served()
        let root = try #require(try await server.api.ask(.get, "/v1/roots").items.first)
        #expect(root["tracks"] == 8 && root["missing"] == 0 && root["last_scan"]?["cause"] == "request")
        let ids = try await server.api.list("/v1/tracks").compactMap { $0["id"]?.int }.sorted()
        #expect(ids.count == 8)
        let place = "/v1/roots/\(try #require(root["id"]?.int))"
        #expect(try await server.api.send(.delete, place).status == 204)
        let totals = try await server.api.ask(.get, "/v1/library")
        #expect(totals["tracks"] == 0 && totals["missing"] == 8)
        let scan = try await server.api.send(.post, "/v1/scans", ["path": .string(library.lab.music)])
        #expect(scan.status == 202, "an administrator's scan makes it a root again")
        try await server.api.allScansEnded()
        let back = try #require(try await server.api.ask(.get, "/v1/roots").items.first)
        #expect(back["tracks"] == 8 && back["missing"] == 0)
        #expect(try await server.api.list("/v1/tracks").compactMap { $0["id"]?.int }.sorted() == ids)
        #expect(try await server.stop() == .code(0))
    }

    @Test("What the watcher says is told over HTTP and in the shell; what it sees does not bring a removed root back")
    func watched() async throws {
        let library = try await Library()
        let lab = library.lab
        let server = try await library.served(environment: ["SILLON_WATCH": "true"])
        func root() async throws -> JSONValue { try #require(try await server.api.ask(.get, "/v1/roots").items.first) }
        func isWhole() async throws -> Bool { try await root()["watching"]?["coverage"] == "whole" }
        try await until("all folders are watched", .seconds(30), isWhole)
        let first = try await root()
        #expect(first["watching"]?["folders"] == 2 && first["watching"]?["because"] == .null)
        #expect(first["next_scan_at"]?.text != nil)
        #expect(try await roots(lab, server, "list").output.contains("2 folders"))
        let place = "/v1/roots/\(try #require(first["id"]?.int))"
        let off = try await server.api.ask(.patch, place, ["watch": false, "schedule": "off"])
        #expect(off["watching"]?["because"] == "off" && off["next_scan_at"] == .null)
        _ = try await server.api.ask(.patch, place, ["watch": true])
        try await until("they are watched again", .seconds(30), isWhole)

        try library.tree.write("New/copy.flac", try library.songs[0].tagged())
        try await until("the change is scanned", .seconds(60)) {
            try await server.api.ask(.get, "/v1/scans").items.contains { $0["cause"] == "watch" }
        }
        try await server.api.allScansEnded()
        try await until("it is told when", .seconds(30)) {
            try await root()["watching"]?["last_change_at"]?.text != nil
        }

        #expect(try await server.api.send(.delete, place).status == 204)
        try library.tree.write("Late/copy.flac", try library.songs[0].tagged())
        // Long enough for a watcher that still lived.
        try await Task.sleep(for: .seconds(3))
        #expect(try await server.api.ask(.get, "/v1/roots").items.isEmpty)
        #expect(try await server.api.ask(.get, "/v1/library")["tracks"] == 0)
        #expect(try await server.api.ask(.get, "/v1/scans").items.allSatisfy { $0["finished_at"] != .null })
        #expect(try await server.stop() == .code(0))
    }
}
