import Foundation
import Testing

@testable import StandIns

@Suite struct SlskdTests {
    private static let now = 1_000.0

    private func transfer(
        _ manner: SoulseekPeer.Manner, size: Int = 1_000_000, actual: Int = 1_000_000, isDelivered: Bool = true
    ) -> SlskdTransfer {
        var transfer = SlskdTransfer(
            id: "a", batchID: nil, username: "u", filename: "@@x\\A\\01.flac", size: size, destination: nil,
            actualSize: actual, manner: manner, isLocked: false, queueLength: 1, uploadSpeed: 500_000, timeScale: 1,
            requestedAt: Self.now)
        if isDelivered { transfer.localPath = "/x" }
        return transfer
    }

    /// States in the order in which they come within so many seconds.
    private func states(_ transfer: SlskdTransfer, seconds: Double = 10) -> [String] {
        stride(from: 0, through: seconds, by: 0.05).map { transfer.standing(at: Self.now + $0).state }
            .reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
    }

    @Test("A download goes through all states in their order")
    func order() {
        #expect(
            states(transfer(.serves)) == [
                "Requested", "Queued, Locally", "Queued, Remotely", "Initializing", "InProgress",
                "Completed, Succeeded",
            ])
    }

    @Test("A download is done only when its file is there")
    func undelivered() {
        #expect(states(transfer(.serves, isDelivered: false)).last == "InProgress")
    }

    @Test("A refused file and one of another size are not tried again")
    func refusals() {
        for transfer in [transfer(.rejects), transfer(.serves, actual: 5), transfer(.grewFiles)] {
            let end = transfer.standing(at: Self.now + 1_000)
            #expect(end.isFinal)
            #expect(end.attempts == 1)
            #expect(end.state == (transfer.manner == .rejects ? "Completed, Rejected" : "Completed, Errored"))
        }
    }

    @Test("A broken transfer is tried three times more, after 5, 10 and 20 seconds")
    func retries() throws {
        let transfer = transfer(.breaksOff)
        let first = try #require(
            stride(from: 0, to: 20, by: 0.1).map { transfer.standing(at: Self.now + $0) }.first { $0.isComplete })
        #expect(first.state == "Completed, Errored")
        #expect(abs((first.nextAttemptAt ?? 0) - (first.endedAt ?? 0) - 5) < 0.01)
        let last = transfer.standing(at: Self.now + 1_000)
        #expect(last.attempts == 4)
        #expect(last.isFinal)
        #expect(self.transfer(.aborts).standing(at: Self.now + 1_000).state == "Completed, Aborted")
        #expect(self.transfer(.breaksOffOnce).standing(at: Self.now + 1_000).hasSucceeded)
    }

    @Test("A search ends when nothing has come for its timeout, or when its limit is reached, and tells only then")
    func searches() {
        let hit = SlskdSearch.Hit(
            username: "u", files: [[:]], lockedFiles: [], hasFreeSlot: true, queueLength: 0, uploadSpeed: 1)
        var search = SlskdSearch(
            id: "a", text: "t", token: 1, limits: .init(timeout: 2, responses: 10, files: 100), filter: .init(),
            timeScale: 1, startedAt: Self.now)
        #expect(search.standing(at: Self.now + 100).state == "InProgress")
        search.found = (Self.now, [hit, hit, hit])
        #expect(search.standing(at: Self.now + 0.6).arrived.count == 2)
        #expect(search.responses(at: Self.now + 2).isEmpty)
        #expect(search.standing(at: Self.now + 3).state == "Completed, TimedOut")
        #expect(search.responses(at: Self.now + 3).count == 3)
        var cancelled = search
        cancelled.cancelledAt = Self.now + 0.6
        #expect(cancelled.standing(at: Self.now + 9).state == "Completed, Cancelled")
        #expect(cancelled.responses(at: Self.now + 9).count == 2)
        let limited = SlskdSearch(
            id: "a", text: "t", token: 1, limits: .init(timeout: 2, responses: 2, files: 100), filter: .init(),
            timeScale: 1, startedAt: Self.now, found: (Self.now, [hit, hit, hit]))
        #expect(limited.standing(at: Self.now + 1).state == "Completed, ResponseLimitReached")
    }

    @Test("A second request to search is refused while the first is worked on")
    func limiter() async {
        let bench = Bench(service: Self.service())
        let headers = ["x-api-key": SlskdSettings(downloads: URL(filePath: "/")).apiKey]
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { await bench.send("/api/v0/searches", headers: headers, #"{"searchText":"x"}"#).status }
            }
            return await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.contains(200))
        #expect(statuses.contains(429))
    }

    @Test("What is wrong with a request is said as slskd says it")
    func refusedRequests() async {
        let bench = Bench(service: Self.service())
        let headers = ["x-api-key": SlskdSettings(downloads: URL(filePath: "/")).apiKey]
        let id = "0b7f4c1e-8f55-4d0e-9d53-6a7b4c1e8f55"
        for (target, body, status) in [
            ("searches", #"{"searchText":" "}"#, 400), ("searches", #"{"searchText":"x","searchTimeout":4}"#, 400),
            ("transfers/downloads/barn_owl", "[]", 400),
            ("transfers/downloads/barn_owl", #"[{"filename":"a\\..\\b","size":1}]"#, 400),
            ("transfers/downloads/gone%2Ffishing", #"[{"filename":"a","size":1}]"#, 500),
            ("transfers/downloads/batches", #"{"username":"gone/fishing","files":[{"filename":"a","size":1}]}"#, 404),
            (
                "transfers/downloads/batches",
                #"{"id":"\#(id)","username":"moth","files":[{"filename":"a","size":1}]}"#, 201
            ),
            (
                "transfers/downloads/batches",
                #"{"id":"\#(id)","username":"moth","files":[{"filename":"a","size":1}]}"#, 409
            ),
            ("transfers/downloads/batches", #"{"username":"moth","files":[{"filename":"a","size":1}]}"#, 200),
        ] {
            #expect(await bench.send("/api/v0/\(target)", headers: headers, body).status == status, "\(target) \(body)")
        }
        #expect(await bench.get("/api/v0/searches").status == 401)
        let old = Bench(service: Self.service(version: "0.24.3"))
        let batch = #"{"username":"moth","files":[{"filename":"a","size":1}]}"#
        #expect(await old.send("/api/v0/transfers/downloads/batches", headers: headers, batch).status == 400)
    }

    private static func service(version: String = "0.26.0") -> SlskdService {
        var settings = SlskdSettings(downloads: FileManager.default.temporaryDirectory)
        settings.version = version
        let shelf = SoulseekShelf(folder: FileManager.default.temporaryDirectory, searchPath: "")
        return SlskdService(settings, shelf: shelf, surroundings: Bench<SlskdService>.surroundings)
    }
}
