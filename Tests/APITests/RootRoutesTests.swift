import Contracts
import Domain
import HTTPTypes
import Testing
import UseCases

@testable import API

/// `/v1/roots`
struct RootRoutesTests {
    private static let now = MemoryStore.now
    private static let day: Int64 = 86_400_000_000

    @Test("A root is added, found under its Location, listed, and removed; no user may do that")
    func life() async throws {
        let server = try TestServer()
        let added = try await server.send(.post, "/v1/roots", json: #"{"path":"/new/"}"#)
        #expect(added.status == 201 && added.headers[.location] == "/v1/roots/2")
        #expect(added.json["path"] == "/new" && added.json["id"] == 2 && added.json["last_scan"] == .null)
        #expect(added.json["watch"] == true && added.json["schedule"] == "auto")
        #expect(try await server.send(.get, "/v1/roots/2").json == added.json)
        let list = try await server.send(.get, "/v1/roots").json
        #expect(list["items"]?.count == 2 && list["next_cursor"] == .null)
        #expect(list["items"]?[0]?["path"] == "/music" && list["items"]?[1] == added.json)
        for (method, path) in [(.get, "/v1/roots/2"), (.patch, "/v1/roots/2"), (.delete, "/v1/roots/2")]
            as [(HTTPRequest.Method, String)]
        {
            #expect(try await server.send(method, path, as: "user", json: "{}").status == 403)
        }
        #expect(try await server.send(.delete, "/v1/roots/2").status == 204)
        #expect(server.store.change { $0.roots } == [FilePath("/music")])
        #expect(try await server.send(.delete, "/v1/roots/2").status == 404)
        #expect(try await server.send(.get, "/v1/roots/2").status == 404)
        #expect(try await server.send(.patch, "/v1/roots/2", json: #"{"watch":true}"#).status == 404)
        #expect(try await server.send(.get, "/v1/roots/first").status == 404)
    }

    @Test("A root that is there is added again without a second one, and takes the settings that are given")
    func again() async throws {
        let server = try TestServer()
        for _ in 0..<2 {
            let answer = try await server.send(
                .post, "/v1/roots", json: #"{"path":"/link","watch":false,"schedule":"every 90m"}"#)
            #expect(answer.status == 201 && answer.json["id"] == 2)
            #expect(answer.json["watch"] == false && answer.json["schedule"] == "every 90m")
        }
        let bare = try await server.send(.post, "/v1/roots", json: #"{"path":"/new"}"#)
        #expect(bare.json["watch"] == false && bare.json["schedule"] == "every 90m", "what is not given stays")
        #expect(server.store.change { $0.roots } == [FilePath("/music"), FilePath("/new")])
    }

    @Test("Watch and schedule are changed one by one, and null changes nothing")
    func change() async throws {
        let server = try TestServer()
        let first = try await server.send(.patch, "/v1/roots/1", json: #"{"schedule":"daily 03:30"}"#).json
        #expect(first["watch"] == true && first["schedule"] == "daily 03:30")
        let second = try await server.send(.patch, "/v1/roots/1", json: #"{"watch":false,"schedule":null}"#).json
        #expect(second["watch"] == false && second["schedule"] == "daily 03:30")
        #expect(try await server.send(.patch, "/v1/roots/1", json: "{}").json == second)
        #expect(
            server.store.change { $0.upkeeps }
                == [FilePath("/music"): RootUpkeep(watches: false, schedule: .daily(minute: 210))])
    }

    @Test(
        "A schedule that is none is answered with what one looks like, and nothing is done",
        arguments: ["hourly", "every 4m", "every 1y", "daily 24:00", "Auto", ""])
    func schedules(text: String) async throws {
        let server = try TestServer()
        for (method, target, json) in [
            (.patch, "/v1/roots/1", #"{"watch":false,"schedule":"\#(text)"}"#),
            (.post, "/v1/roots", #"{"path":"/new","schedule":"\#(text)"}"#),
        ] as [(HTTPRequest.Method, String, String)] {
            let answer = try await server.send(method, target, json: json)
            #expect(answer.status == 422)
            #expect(
                answer.json["detail"]
                    == #"schedule must be auto, off, "every" and a number of m, h or d from 5m to 365d (every 6h), or "daily" and a time (daily 03:30)"#
            )
        }
        #expect(server.store.change { $0.upkeeps.isEmpty && $0.roots.count == 1 })
    }

    @Test("Other fields and other types are refused by name")
    func strict() async throws {
        let server = try TestServer()
        let cases: [(String, Int, String)] = [
            (#"{"watched":true}"#, 400, "watched"), (#"{"watch":"yes"}"#, 422, "watch must be true or false"),
            (#"{"schedule":60}"#, 422, "schedule must be"), (#"{"path":"/new"}"#, 400, "path"), ("[]", 422, "object"),
        ]
        for (json, status, words) in cases {
            let answer = try await server.send(.patch, "/v1/roots/1", json: json)
            #expect(answer.status == status && answer.text.contains(words), "\(json): \(answer.text)")
        }
    }

    @Test("A root tells what is watched and when it is scanned next, as the watcher of this server says")
    func watching() async throws {
        let server = try TestServer()
        func root() async throws -> JSONValue { try await server.send(.get, "/v1/roots/1").json }
        #expect(try await root()["watching"]?["coverage"] == "starting", "the watcher does not know of it yet")
        let cases: [(WatchCoverage, JSONValue)] = [
            (.whole(folders: 1204), ["coverage": "whole", "folders": 1204, "because": .null]),
            (.part(folders: 9, .limit), ["coverage": "part", "folders": 9, "because": "limit"]),
            (.part(folders: 9, .denied), ["coverage": "part", "folders": 9, "because": "denied"]),
            (WatchCoverage.none(.network), ["coverage": "none", "folders": 0, "because": "network"]),
            (WatchCoverage.none(.unreachable), ["coverage": "none", "folders": 0, "because": "unreachable"]),
            (.starting, ["coverage": "starting", "folders": 0, "because": .null]),
        ]
        for (coverage, expected) in cases {
            server.store.change {
                $0.upkeepStates[1] = RootUpkeepState(
                    coverage: coverage, nextScanAt: Self.now + Self.day, lastChangeAt: Self.now)
            }
            let root = try await root()
            for key in expected.keys { #expect(root["watching"]?[key] == expected[key], "\(coverage), \(key)") }
            #expect(root["watching"]?["last_change_at"] == "2026-01-01T00:00:00.000Z")
            #expect(root["next_scan_at"] == "2026-01-02T00:00:00.000Z")
        }
    }

    @Test("What was just switched off is told before the watcher has come to it")
    func ahead() async throws {
        let server = try TestServer()
        server.store.change {
            $0.upkeepStates[1] = RootUpkeepState(coverage: .whole(folders: 7), nextScanAt: Self.now + Self.day)
        }
        let off = try await server.send(.patch, "/v1/roots/1", json: #"{"watch":false,"schedule":"off"}"#).json
        #expect(off["watching"]?["coverage"] == "none" && off["watching"]?["because"] == "off")
        #expect(off["next_scan_at"] == .null)
        // Watching is switched off for the whole server, whatever its roots say.
        server.store.change { $0.upkeepStates[1] = RootUpkeepState(coverage: WatchCoverage.none(.off)) }
        let on = try await server.send(.patch, "/v1/roots/1", json: #"{"watch":true}"#).json
        #expect(on["watch"] == true && on["watching"]?["because"] == "off")
    }

    @Test("A server that keeps no roots says nothing of watching; what is in a root and its last scan are told")
    func facts() async throws {
        let server = try TestServer(keepsRoots: false)
        let root = try await server.send(.get, "/v1/roots/1").json
        #expect(root["watching"] == .null && root["next_scan_at"] == .null && root["watch"] == true)
        #expect(root["is_reachable"] == true && root["missing"] == 2)
        #expect(root["tracks"] == .integer(Int64(server.store.change { $0.tracks.count })))
        #expect(
            root["last_scan"] == [
                "id": "scan-1", "state": "running", "cause": "request", "created_at": "2026-01-01T00:00:00.000Z",
                "finished_at": .null,
            ])
        server.store.change { $0.roots = [FilePath("/gone")] }
        #expect(try await server.send(.get, "/v1/roots/1").json["is_reachable"] == false)
    }
}
