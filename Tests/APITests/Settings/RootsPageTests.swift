import Domain
import HTTPTypes
import Testing
import UseCases

@testable import API

/// `/settings/roots`
@Suite struct RootsPageTests {
    private let server: TestServer
    private static let path = "/settings/roots"

    init() throws {
        server = try TestServer()
    }

    @Test("A folder is added, scanned, and removed when that is confirmed")
    func life() async throws {
        let admin = try await SignedInBrowser(server, "admin")
        let added = try await admin.post(Self.path, "path=%2Flink%2F")
        #expect(added.headers[.location] == "/settings/roots?done=rootAdded")
        #expect(server.store.change { $0.roots } == [FilePath("/music"), FilePath("/new")], "links are followed")
        let page = try await admin.get(Self.path)
        #expect(page.text.contains("/music") && page.text.contains("not found") && page.text.contains("running"))
        #expect(!page.text.contains("not reachable"))
        #expect(try await admin.post(Self.path + "/2/scan").headers[.location] == "/settings/roots?done=scanStarted")
        #expect(server.store.change { $0.newScans.map(\.path) } == [FilePath("/new")])
        let question = try await admin.get(Self.path + "/2/remove")
        #expect(question.text.contains("/new will be no library root") && question.text.contains("No file is touched"))
        #expect(server.store.change { $0.roots.count } == 2)
        #expect(try await admin.post(Self.path + "/2/remove").headers[.location] == "/settings/roots?done=rootRemoved")
        #expect(server.store.change { $0.roots } == [FilePath("/music")])
        #expect(try await admin.post(Self.path + "/2/remove").status == 404)
        #expect(try await admin.get(Self.path + "/2/remove").status == 404)
    }

    @Test(
        "What is wrong with a path is said beside it, and the path is kept",
        arguments: [
            ("music", "A path begins with a slash"), ("/a/../b", "A path begins with a slash"),
            ("", "begins with a slash"),
            ("/nowhere", "There is no folder &quot;/nowhere&quot;"), ("/jazz", "Another root holds the folder"),
        ])
    func refusals(path: String, text: String) async throws {
        let admin = try await SignedInBrowser(server, "admin")
        let again = try await admin.post(Self.path, "path=\(PercentCoding.encode(path))")
        #expect(again.status == 422 && again.text.contains(text))
        #expect(again.text.contains("id=\"root-path-problem\"") && again.text.contains("value=\"\(path)\""))
        #expect(server.store.change { $0.roots.count } == 1)
    }

    @Test("A root whose folder is not there says so")
    func unreachable() async throws {
        server.store.change { $0.roots = [FilePath("/gone")] }
        #expect(try await server.send(.get, Self.path).text.contains("not reachable"))
    }

    @Test("A root is watched and scanned as its form says; a schedule that is typed goes before the one that is chosen")
    func upkeep() async throws {
        let admin = try await SignedInBrowser(server, "admin")
        func save(_ body: String) async throws -> Answer { try await admin.post(Self.path + "/1/upkeep", body) }
        func kept() -> RootUpkeep? { server.store.change { $0.upkeeps[FilePath("/music")] } }
        let saved = try await save("watch=off&schedule=every+6h&other=")
        #expect(saved.status == 303 && saved.headers[.location] == "/settings/roots?done=rootChanged")
        #expect(kept() == RootUpkeep(watches: false, schedule: .every(minutes: 360)))
        let page = try await admin.get(Self.path)
        #expect(page.text.contains("<option value=\"every 6h\" selected>Every 6 hours</option>"))
        #expect(page.text.contains("<option value=\"off\" selected>Leave them to the scans</option>"))
        #expect(try await save("watch=on&schedule=auto&other=+every+90m+").status == 303)
        #expect(kept() == RootUpkeep(watches: true, schedule: .every(minutes: 90)))
        let other = try await admin.get(Self.path).text
        #expect(other.contains("<option value=\"every 90m\" selected>Every 90 minutes</option>"))
        #expect(try await save("watch=on&schedule=every+90m").status == 303)
        #expect(try await admin.post(Self.path + "/9/upkeep", "watch=on&schedule=auto").status == 404)
        let user = try await SignedInBrowser(server, "user")
        #expect(try await user.post(Self.path + "/1/upkeep", "watch=off&schedule=off").status == 403)
        #expect(kept() == RootUpkeep(watches: true, schedule: .every(minutes: 90)))
    }

    @Test("What is wrong with a schedule is said beside it, in the form of that root, which is open")
    func wrongSchedule() async throws {
        server.store.change { $0.roots = [FilePath("/music"), FilePath("/new")] }
        let admin = try await SignedInBrowser(server, "admin")
        let again = try await admin.post(Self.path + "/2/upkeep", "watch=off&schedule=auto&other=hourly")
        #expect(again.status == 422 && again.text.contains("A schedule is auto, off, &quot;every&quot; and a number"))
        #expect(again.text.contains("id=\"root-2-other-problem\"") && !again.text.contains("root-1-other-problem"))
        #expect(again.text.contains("value=\"hourly\"") && again.text.components("<details open>").count == 2)
        #expect(!again.text.contains("id=\"root-path-problem\""))
        #expect(again.text.contains("<option value=\"off\" selected>Leave them to the scans</option>"))
        #expect(server.store.change { $0.upkeeps.isEmpty })
        let chosen = try await admin.post(Self.path + "/1/upkeep", "watch=on&schedule=whenever")
        #expect(chosen.status == 422 && chosen.text.contains("id=\"root-1-schedule-problem\""))
    }

    @Test(
        "A root says how much of it is watched, and what to do where that is not all",
        arguments: [
            (.whole(folders: 1204), "1,204 folders", nil), (.whole(folders: 1), "1 folder<", nil),
            (.starting, "are being gone through", nil),
            (.part(folders: 9, .limit), "9 folders, not all: the system allows no more", "says sillon doctor"),
            (.part(folders: 9, .denied), "9 folders, not all: Sillon may not read", "runs as read them"),
            (
                WatchCoverage.none(.network), "no, network drives do not tell of changes",
                "the scans of the schedule find what"
            ),
            (WatchCoverage.none(.unreachable), "no, the folder cannot be opened", "Connect its disk"),
            (WatchCoverage.none(.off), "no, it is switched off", "SILLON_WATCH"),
        ] as [(WatchCoverage, String, String?)])
    func watched(coverage: WatchCoverage, words: String, advice: String?) async throws {
        let now = MemoryStore.now
        server.store.change {
            $0.upkeepStates[1] = RootUpkeepState(coverage: coverage, nextScanAt: now + 3_600_000_000)
        }
        let page = try await server.send(.get, Self.path).text
        #expect(page.contains(words) && page.contains(advice ?? words))
        #expect(page.contains("2026-01-01 01:00 UTC"), "when it is scanned next")
        server.store.change { $0.upkeeps[FilePath("/music")] = RootUpkeep(watches: false, schedule: .off) }
        let off = try await server.send(.get, Self.path).text
        #expect(off.contains("no, it is switched off") && off.contains("never by itself"))
        #expect(!off.contains("Next scan"))
    }

    @Test("A scan that nobody asked for says who wanted it, and one that is overdue what it waits for")
    func lastScan() async throws {
        server.store.change {
            $0.scans[0] = MemoryStore.scan(id: "scan-1", cause: .schedule)
            $0.upkeepStates[1] = RootUpkeepState(coverage: .whole(folders: 2), nextScanAt: MemoryStore.now - 1)
        }
        let page = try await server.send(.get, Self.path).text
        #expect(page.contains("running, by the schedule, ") && page.contains("as soon as the one before it has ended"))
    }
}
