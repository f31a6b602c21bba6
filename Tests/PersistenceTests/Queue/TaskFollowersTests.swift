import Domain
import Testing
import UseCases

@testable import Persistence

/// The way of a file through the queue, and what its attempts took.
@Suite struct TaskFollowersTests {
    private static let corrupt = Failure(.corruptFile, "broken")

    @Test("A task leads to what its outcome queued, be that ready, dead or gone", arguments: Engine.available)
    func followers(_ engine: Engine) async throws {
        let lab = try await ScanLab(engine)
        let scan = try await lab.startScan(until: .vector)
        try await lab.walk(["/music/a": 0..<3])
        let tasks = lab.stores.tasks
        let walk = try #require(
            try await tasks.tasks(TaskFilter(kind: .scanLibrary), page: PageRequest(limit: 1)).items.first)
        #expect(try await tasks.followers(of: walk).isEmpty, "a walk leads to more than can be shown")
        try await lab.index()
        let files = try await tasks.tasks(TaskFilter(kind: .indexFile, scanID: scan.id), page: PageRequest(limit: 9))
            .items
        #expect(files.count == 3)
        var heard: Set<Int64> = []
        for file in files {
            let next = try await tasks.followers(of: file)
            #expect(next.map(\.kind) == [.analyzeAudio] && next.map(\.state) == [.ready])
            #expect(next.map(\.parentID) == [file.id])
            heard.formUnion(next.map(\.id))
        }
        #expect(heard.count == 3)
        try await lab.failAnalyses(Self.corrupt, memoryBytes: nil)
        let dead = try await tasks.followers(of: files[0])
        #expect(dead.map(\.state) == [.dead])
        _ = try await tasks.cancel(id: dead[0].id, actor: "me")
        #expect(try await tasks.followers(of: files[0]).map(\.state) == [.cancelled])
    }

    @Test("What an attempt took is kept, however it ended", arguments: Engine.available)
    func memory(_ engine: Engine) async throws {
        let lab = try await ScanLab(engine)
        _ = try await lab.startScan(until: .vector)
        try await lab.walk(["/music/a": 0..<2])
        try await lab.index(memoryBytes: 3 << 30)
        try await lab.failAnalyses(Self.corrupt, memoryBytes: 5_000_000_000)
        let tasks = lab.stores.tasks
        let page = PageRequest(limit: 9)
        for task in try await tasks.tasks(TaskFilter(kind: .indexFile), page: page).items {
            #expect(try await tasks.task(id: task.id).runs.map(\.memoryBytes) == [3 << 30])
        }
        for task in try await tasks.tasks(TaskFilter(state: .dead), page: page).items {
            #expect(try await tasks.task(id: task.id).runs.map(\.memoryBytes) == [5_000_000_000])
        }
    }
}
