import Contracts
import Domain
import Testing
import UseCases

@testable import Persistence

/// What was played stays with its track, whatever becomes of the file.
@Suite struct ListeningMovesTests {
    private static func play(_ track: Int64, at start: Int64, in database: any Database) async throws {
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO account (id, name, key, role, created_at) VALUES (1, 'a', 'a', 'admin', 0)
                ON CONFLICT DO NOTHING
                """)
            try connection.execute(
                """
                INSERT INTO play (account_id, track_id, started_at, finished, counted)
                VALUES (1, \(track), \(start), 1, 1)
                """)
            try connection.execute(
                """
                INSERT INTO track_mark (account_id, track_id, starred_at, rating, plays, last_played_at)
                VALUES (1, \(track), \(start), 3, 1, \(start))
                ON CONFLICT (account_id, track_id) DO UPDATE SET plays = track_mark.plays + 1,
                    last_played_at = excluded.last_played_at
                """)
        }
    }

    private static func marks(_ database: any Database) async throws -> [String] {
        try await database.read { connection in
            try connection.all(
                "SELECT track_id, plays, last_played_at, starred_at, rating FROM track_mark ORDER BY track_id"
            ) { row in (0..<5).map { row.int($0).map(String.init) ?? "-" }.joined(separator: " ") }
        }
    }

    @Test("Plays survive a file that moves, is retagged, goes missing and comes back", arguments: Engine.available)
    func survives(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<4 { bench.put("/music/a/\(number).flac", content: "c\(number)") { $0.album = "Debut" } }
        try await bench.scan()
        let id = try #require(try await bench.track("/music/a/1.flac")?.id)
        try await Self.play(id, at: 7, in: bench.database)
        bench.move("/music/a/1.flac", "/music/b/1.flac")
        try await bench.scan()
        #expect(try await bench.track("/music/b/1.flac")?.id == id)
        bench.disk["/music/b/1.flac"]?.metadata.title = "Another"
        let facts = try #require(bench.disk["/music/b/1.flac"]?.facts)
        bench.disk["/music/b/1.flac"]?.facts = FileFacts(
            size: facts.size, mtimeNs: 2222, inode: facts.inode, device: facts.device)
        try await bench.scan()
        #expect(try await bench.track("/music/b/1.flac")?.metadata.title == "Another")
        let file = bench.disk.removeValue(forKey: "/music/b/1.flac")
        try await bench.scan()
        #expect(try await bench.track("/music/b/1.flac")?.state == .missing)
        #expect(try await Self.marks(bench.database) == ["\(id) 1 7 7 3"])
        bench.disk["/music/b/1.flac"] = file
        try await bench.scan()
        #expect(try await Self.marks(bench.database) == ["\(id) 1 7 7 3"])
    }

    @Test("Plays of both places are one track's when a file is known again by its sound", arguments: Engine.available)
    func merged(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        for number in 0..<4 { bench.put("/music/a/\(number).flac", content: "c\(number)") { $0.album = "Debut" } }
        try await bench.scan()
        let old = try #require(try await bench.track("/music/a/1.flac")?.id)
        try await Self.play(old, at: 7, in: bench.database)
        bench.disk.removeValue(forKey: "/music/a/1.flac")
        try await bench.scan()
        bench.put("/music/b/1.flac", mtime: 9999, content: "c1") { $0.album = "Debut" }
        // Its tags are read, and it is played before anybody has listened to it.
        let walked = try await bench.walk()
        var next: [NewTask] = []
        for task in walked.tasks {
            guard let outcome = try await bench.outcome(of: task) else { continue }
            next += try await bench.apply([(task.payload, outcome, nil)]).flatMap(\.tasks)
        }
        let new = try #require(try await bench.track("/music/b/1.flac")?.id)
        #expect(new != old)
        try await Self.play(new, at: 7, in: bench.database)
        try await Self.play(new, at: 9, in: bench.database)
        try await bench.drain(next)
        #expect(try await bench.track("/music/b/1.flac")?.id == old)
        #expect(try await Self.marks(bench.database) == ["\(old) 2 9 7 3"])
    }
}
