import Contracts
import Domain
import HTTPTypes
import Testing
import UseCases

@testable import API

@Suite struct HistoryRoutesTests {
    /// 2026-01-01T00:00:00Z
    private static let now = HistoryRange.hour(of: MemoryStore.now)

    private static func server() throws -> TestServer {
        let server = try TestServer()
        server.store.change { state in
            var tally = TaskTally()
            (tally.enqueued, tally.succeeded, tally.retried, tally.died) = (12, 9, 2, 1)
            for _ in 0..<9 { tally.run.add(seconds: 3) }
            state.taskHistory[.indexFile] = [now: tally, now - 1: tally, now - 200: tally]
            state.queueHistory[.indexer] = [now: DepthTally(ready: 4, oldestSeconds: 90)]
        }
        return server
    }

    @Test("The last day is answered by the hour, with sums and percentiles")
    func day() async throws {
        let answer = try await Self.server().send(.get, "/v1/history", as: "user")
        #expect(answer.status == 200)
        #expect(answer.json["resolution"] == "hour" && answer.json["to"] == "2026-01-01T00:00:00.000Z")
        let kind = answer.json["tasks"]?[0]
        #expect(kind?["kind"] == "index_file" && kind?["role"] == "indexer")
        #expect(kind?["periods"]?.count == 1, "the hour that begins now is not over yet")
        #expect(kind?["total"]?["succeeded"] == 9 && kind?["total"]?["run_seconds"]?["count"] == 9)
        #expect(kind?["total"]?["wait_seconds"]?["p95"] == .null)
    }

    @Test("Other stretches are asked for; more than anybody looks at is refused")
    func ranges() async throws {
        let server = try Self.server()
        let week = try await server.send(
            .get, "/v1/history?resolution=week&from=2025-12-01T00:00:00Z&to=2026-01-02T00:00:00Z")
        #expect(week.json["tasks"]?[0]?["periods"]?[0]?["start"] == "2025-12-22T00:00:00.000Z")
        #expect(week.json["queues"]?[0]?["periods"]?[0]?["ready_most"] == 4)
        for query in [
            "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from=2020-01-01T00:00:00Z", "resolution=year",
            "from=yesterday",
        ] {
            #expect(try await server.send(.get, "/v1/history?\(query)").status == 400, "\(query)")
        }
    }

    @Test("The page has a chart of each thing that is kept, for each stretch", arguments: HistoryPeriod.allCases)
    func page(period: HistoryPeriod) async throws {
        let page = try await Self.server().send(.get, "/history?range=\(period.rawValue)", as: "user")
        #expect(page.status == 200)
        #expect(page.text.ranges(of: "<svg").count == 4)
        #expect(page.text.contains("aria-current=\"page\""))
        #expect(page.text.contains("href=\"/history?range=\(period.rawValue)&amp;kind=index_file\""))
        let one = try await Self.server().send(.get, "/history?range=\(period.rawValue)&kind=index_file")
        #expect(one.status == 200 && one.text.contains("All tasks"))
    }

    @Test("The overview has a small one")
    func overview() async throws {
        let page = try await Self.server().send(.get, "/")
        #expect(page.text.ranges(of: "<svg").count == 1 && page.text.contains("href=\"/history\""))
    }
}
