import Domain
import Foundation
import Testing

@testable import sillon

@Suite struct HistoryTableTests {
    @Test("Bars are as high as their share, and neighbours share one where there is little room")
    func sparkline() {
        #expect(Sparkline.text([0, 1, 4, 8]) == " ▂▅█")
        #expect(Sparkline.text([0, 0]) == "  " && Sparkline.text([]) == "")
        #expect(Sparkline.squeezed([1, 2, 3, 4, 5], to: 2) == [3, 12])
        #expect(Sparkline.squeezed([1, 2], to: 60) == [1, 2])
    }

    @Test("The table has a bar for each hour, also for those of which nothing is kept")
    func table() throws {
        let json = """
            {"resolution":"hour","from":"","to":"","queues":[],"tasks":[{"kind":"index_file","role":"indexer","total":{
            "succeeded":12,"retried":1,"died":2,"lost":1,"run_seconds":{"count":12,"p50":0.25,"p95":3,"p99":900}},
            "periods":[{"start":"2026-01-01T01:00:00.000Z","succeeded":4},{"start":"2026-01-01T03:00:00.000Z",
            "succeeded":8}]}]}
            """
        let page = try JSONDecoder().decode(HistoryPageView.self, from: Data(json.utf8))
        let start: Int64 = 1_767_225_600_000_000
        let range = try #require(HistoryRange(.hour, from: start, to: start + 4 * HistoryRange.hourUs))
        let row = try #require(HistoryCommand.table(page, range).rows.first)
        #expect(row == ["index_file", "12", "2", "2", "250 ms", "3.0 s", "15.0 min", " ▅ █"])
    }
}
