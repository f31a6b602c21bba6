import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("The end of a scan, step by step")
struct ScanEndTests {
    private static let step = ScanEndStep.maxItems

    @Test(
        "More moves than one step takes keep every id, though the process dies in between", arguments: Engine.available)
    func movesSurviveAKill(engine: Engine) async throws {
        let lab = try await ScanLab(engine)
        let count = 2 * Self.step + 100
        try await lab.scan(["/music/old": 0..<count])
        let ids = try await lab.trackIDs()
        #expect(ids.count == count)

        let scan = try await lab.startScan()
        await #expect(throws: StoreError.self) { try await lab.walk(["/music/new": 0..<count], dyingAfterSteps: 1) }
        let halfWay = try await lab.trackIDs().keys.count { $0.hasPrefix("/music/new/") }
        #expect(halfWay > 0 && halfWay < count)

        try await lab.restart()
        try await lab.walk(["/music/new": 0..<count])
        let after = try await lab.trackIDs()
        #expect(after.count == count)
        for number in 0..<count {
            #expect(after["/music/new/\(number).flac"] == ids["/music/old/\(number).flac"])
        }
        let end = try await lab.stores.scans.scan(id: scan.id)
        #expect(end.progress.moved == count && end.progress.missing == 0 && end.notice == nil)
        #expect(end.state == .finished)
        #expect(try await lab.number("SELECT count(*) FROM scan_candidate") == 0)
        #expect(try await lab.number("SELECT count(*) FROM folder") == 1)
    }

    @Test(
        "What a scan marked before it was killed counts as its loss: the 30 % rule holds for the whole scan",
        arguments: [(lost: 1100, marked: 1100), (lost: 1400, marked: step)])
    func lossSurvivesAKill(lost: Int, marked: Int) async throws {
        let lab = try await ScanLab(.sqlite)
        let count = 4000
        try await lab.insertTracks(0..<count, in: "/music/a")
        let scan = try await lab.startScan()
        await #expect(throws: StoreError.self) {
            try await lab.walk(["/music/a": 1100..<count], dyingAfterSteps: 1)
        }
        #expect(try await lab.number("SELECT count(*) FROM track WHERE state = 1") == Self.step)

        try await lab.restart()
        try await lab.walk(["/music/a": lost..<count])
        #expect(try await lab.number("SELECT count(*) FROM track WHERE state = 1") == marked)
        let end = try await lab.stores.scans.scan(id: scan.id)
        #expect(end.progress.missing == marked)
        #expect((end.notice == nil) == (lost == marked))
        if lost > marked { #expect(end.notice?.contains("\(lost) of the \(count) tracks") == true) }
    }

    @Test(
        "A file that is found again is not missing for a scan that still runs; what an ended one told stays told",
        arguments: Engine.available, [false, true])
    func foundAgain(engine: Engine, hasEnded: Bool) async throws {
        let lab = try await ScanLab(engine)
        try await lab.scan(["/music/a": 0..<4])
        let first = try await lab.startScan()
        try await lab.walk(["/music/a": 0..<3, "/music/b": 9..<10])
        let before = try await lab.stores.scans.scan(id: first.id)
        #expect(before.progress.missing == 1 && before.state == .running)
        if hasEnded { try await lab.index() }
        let second = try await lab.startScan("/music/c")
        try await lab.walk(["/music/c": 3..<4])
        let found = try await lab.stores.scans.scan(id: second.id).progress
        #expect(found.moved == 1 && found.missing == 0)
        let after = try await lab.stores.scans.scan(id: first.id)
        #expect(after.progress.missing == (hasEnded ? 1 : 0) && (after.state == .finished) == hasEnded)
    }

    @Test("A track that was moved away between plan and step is planned again", arguments: Engine.available)
    func outdatedPlan(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/a/1.flac")
        bench.put("/music/a/2.flac")
        try await bench.scan()
        bench.move("/music/a/1.flac", "/music/b/1.flac")
        let scope = bench.scope("/music")
        let (catalogue, listings, now) = (bench.catalogue, bench.listings, bench.now)
        let steps = try await bench.database.write { connection in
            _ = try catalogue.reconcile(listings, scope: scope, now: now, in: connection)
            return try catalogue.steps(
                .places(.init(scanID: scope.id, rootUnavailable: false, vanishedFolderIDs: [], problems: [])),
                scope: scope, marked: 0, in: connection)
        }
        let step = try #require(steps.first)
        let (first, second) = try await bench.database.write { connection in
            (
                try catalogue.carryOut(step, scope: scope, now: now, in: connection),
                try catalogue.carryOut(step, scope: scope, now: now, in: connection)
            )
        }
        #expect(first?.progress.moved == 1)
        #expect(second == nil)
    }

    @Test("Every file finds its place free, or makes room for another of its step")
    func placesAreFree() throws {
        // 1 → 2 → 3 → a free place, 4 and 5 swap, 6 … 9 move to free places; the last of a row comes first.
        let targets: [Int64: Int64?] = [1: 2, 2: 3, 3: nil, 4: 5, 5: 4, 6: nil, 7: nil, 8: nil, 9: nil]
        for order in [targets.keys.sorted(), targets.keys.sorted().reversed()] {
            let moves = order.map { id in Self.move(id, over: targets[id] ?? nil) }
            let steps = MoveMatching.steps(moves, maxItems: 2)
            #expect(steps.flatMap { $0.map(\.trackID) }.sorted() == Array(1...9))
            #expect(steps.map(\.count).max() == 3 || steps.map(\.count).max() == 2)
            var gone: Set<Int64> = []
            for step in steps {
                gone.formUnion(step.map(\.trackID))
                #expect(step.allSatisfy { $0.arrival.trackID.map(gone.contains) ?? true })
            }
        }
    }

    private static func move(_ id: Int64, over occupant: Int64?) -> MoveMatching.Move {
        let facts = FileFacts(size: id, mtimeNs: id, inode: id, device: 1)
        return MoveMatching.Move(
            lost: .init(trackID: id, folderID: 1, name: [UInt8(id)], facts: facts, isPresent: true, hasSheet: false),
            arrival: .init(folder: FilePath("/music"), name: [100 + UInt8(id)], facts: facts, trackID: occupant))
    }
}
