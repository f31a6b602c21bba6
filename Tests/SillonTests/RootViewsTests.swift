import Contracts
import Testing

@testable import sillon

@Suite struct RootViewsTests {
    private static func root(watching: String, last: String = "null", reachable: Bool = true) throws -> RootView {
        try ContractJSON.decode(
            RootView.self,
            from: #"{"id": 3, "path": "/music", "is_reachable": \#(reachable), "watch": true, "schedule": "auto", "#
                + #""tracks": 12345, "missing": 6, "added_at": "2026-01-01T00:00:00.000Z", "last_scan": \#(last), "#
                + #""next_scan_at": "2026-03-01T12:00:30.000Z", "watching": \#(watching)}"#)
    }

    @Test(
        "How much of a root is watched is said in words, and nothing that is not understood",
        arguments: [
            (#"{"coverage": "whole", "folders": 1204, "because": null}"#, "1,204 folders"),
            (
                #"{"coverage": "part", "folders": 9, "because": "limit"}"#,
                "9 folders, not all: the system allows no more watches"
            ),
            (#"{"coverage": "none", "folders": 0, "because": "network"}"#, "no, network drives do not tell of changes"),
            (#"{"coverage": "starting", "folders": 0}"#, "begins, its folders are being gone through"),
            (#"{"coverage": "part", "folders": 9, "because": "moon"}"#, "–"),
            (#"{"coverage": "half", "folders": 9, "because": null}"#, "–"), ("null", "–"),
        ])
    func watched(json: String, words: String) throws {
        let root = try Self.root(watching: json)
        #expect(root.sentence == "Root 3, /music. Watched: \(words). Schedule: auto.")
    }

    @Test("A row has the folder, what is in it, and its scans with who wanted them")
    func table() throws {
        let whole = #"{"coverage": "whole", "folders": 7, "because": null}"#
        let last =
            #"{"id": "x", "state": "finished", "cause": "watch", "created_at": "2026-02-01T08:00:00.000Z", "#
            + #""finished_at": "2026-02-01T08:01:59.999Z"}"#
        let rows = RootView.table([
            try Self.root(watching: whole, last: last), try Self.root(watching: whole, reachable: false),
        ]).rows
        #expect(
            rows[0] == [
                "3", "/music", "12,345", "6", "7 folders", "auto", "2026-03-01 12:00",
                "2026-02-01 08:01, finished, by the watcher",
            ])
        #expect(rows[1][1] == "/music (not reachable)" && rows[1].last == "never")
    }

    @Test("Only a yes removes", arguments: ["", "n", "no", "yess", "j", nil])
    func refusals(answer: String?) {
        #expect(!RootsRemove.isYes(answer))
        for yes in ["y", "yes", "YES", "Y"] { #expect(RootsRemove.isYes(yes)) }
    }
}
