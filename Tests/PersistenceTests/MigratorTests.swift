import Testing
import UseCases

@testable import Persistence

@Suite struct MigratorTests {
    private static func step(_ version: Int, _ up: [String], _ down: [String] = []) -> Migration {
        let script = Migration.Script(up: up, down: down)
        return Migration(version: version, name: "step \(version)", sqlite: script, postgres: script)
    }

    private static let steps = [
        step(1, ["CREATE TABLE a (x BIGINT)"], ["DROP TABLE a"]),
        step(2, ["CREATE TABLE b (x BIGINT)", "INSERT INTO b VALUES (1)"], ["DROP TABLE b"]),
        step(3, ["CREATE TABLE c (x BIGINT)"], ["DROP TABLE c"]),
    ]

    @Test("The steps stand in the order of their numbers, each once")
    func numbers() {
        let versions = Migration.all.map(\.version)
        #expect(versions == Set(versions).sorted() && versions.first == 1)
    }

    @Test("Processes that start at once apply every step once", arguments: Engine.available)
    func atOnce(engine: Engine) async throws {
        let database = try await engine.openEmpty()
        let migrator = Migrator(database: database, migrations: Self.steps)
        let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<6 { group.addTask { try await migrator.up(now: 1) } }
            return try await group.reduce(into: [Int]()) { $0 += $1 }
        }
        #expect(applied.sorted() == [1, 2, 3])
        #expect(try await database.read { try $0.first("SELECT count(*) FROM b") { $0.int(0) } } == 1)
    }

    @Test(
        "A step that fails in the middle leaves nothing of itself, and can be applied again",
        arguments: Engine.available)
    func interrupted(engine: Engine) async throws {
        let database = try await engine.openEmpty()
        let broken = [Self.steps[0], Self.step(2, ["CREATE TABLE b (x BIGINT)", "CREATE TABLE a (x BIGINT)"])]
        let problem = await #expect(throws: SchemaError.self) {
            try await Migrator(database: database, migrations: broken).up(now: 1)
        }
        // Which step it was, and why, in the engine's own words.
        guard case .failed(step: 2, name: "step 2", let reason)? = problem else {
            Issue.record("\(String(describing: problem))")
            return
        }
        #expect(reason.contains("a") && reason.contains("already exists"))
        #expect(problem?.description.contains("schema step 2 (step 2) failed, and nothing of it stayed") == true)
        let status = try await Migrator(database: database, migrations: Self.steps).status()
        #expect(status.map(\.isApplied) == [true, false, false])
        #expect(try await Migrator(database: database, migrations: Self.steps).up(now: 2) == [2, 3])
    }

    @Test("An older build stops at a newer schema with one sentence, and changes nothing", arguments: Engine.available)
    func newerSchema(engine: Engine) async throws {
        let database = try await engine.openEmpty()
        try await Migrator(database: database, migrations: Self.steps).up(now: 1)
        let mark = try await database.writeMark()
        let old = Migrator(database: database, migrations: Array(Self.steps.prefix(2)))
        let problem = SchemaError.newer(name: "the database", schema: 3, known: 2)
        await #expect(throws: problem) { try await old.up(now: 2) }
        await #expect(throws: problem) { try await old.down(to: 0) }
        let status = try await old.status()
        #expect(status.map(\.version) == [1, 2, 3] && status.map(\.isKnown) == [true, true, false])
        #expect(status.last?.name == "step 3" && status.allSatisfy { $0.isApplied })
        #expect(try await database.writeMark() == mark)
    }

    @Test("A step in the middle that this build does not know is refused, too", arguments: Engine.available)
    func strangeStep(engine: Engine) async throws {
        let database = try await engine.openEmpty()
        try await Migrator(database: database, migrations: Self.steps).up(now: 1)
        let other = Migrator(database: database, migrations: [Self.steps[0], Self.steps[2]])
        await #expect(throws: SchemaError.unknown(name: "the database", step: 2)) { try await other.up(now: 2) }
        #expect(try await other.status().map(\.isKnown) == [true, true, false])
    }

    @Test("A step that was changed after use is refused", arguments: Engine.available)
    func changed(engine: Engine) async throws {
        let database = try await engine.openEmpty()
        try await Migrator(database: database, migrations: Self.steps).up(to: 1, now: 1)
        let edited = [Self.step(1, ["CREATE TABLE a (y BIGINT)"])]
        await #expect(throws: SchemaError.changed(step: 1, name: "step 1")) {
            try await Migrator(database: database, migrations: edited).up(now: 2)
        }
    }

    @Test("The schema goes down and up again, and asking where it stands writes nothing", arguments: Engine.available)
    func downAndUp(engine: Engine) async throws {
        let database = try await engine.openEmpty()
        let migrator = Migrator(database: database)
        let all = Migration.all.map(\.version)
        let mark = try await database.writeMark()
        #expect(try await migrator.status().allSatisfy { !$0.isApplied })
        #expect(try await database.writeMark() == mark)
        #expect(try await migrator.up(now: 1) == all)
        #expect(try await migrator.down(to: 0) == all.reversed())
        #expect(try await migrator.up(now: 2) == all)
        #expect(try await migrator.up(now: 3) == [])
    }
}
