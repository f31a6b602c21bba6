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

    /// Marks of albums and artists, by the names of what they are of.
    private static func names(_ database: any Database) async throws -> [String] {
        try await database.read { connection in
            try connection.all(
                """
                SELECT 'album ' || title, starred_at, rating FROM album_mark JOIN album ON album.id = album_id
                UNION ALL
                SELECT 'artist ' || name, starred_at, rating FROM artist_mark JOIN artist ON artist.id = artist_id
                ORDER BY 1
                """
            ) { row in
                [row.text(0), row.int(1).map(String.init), row.int(2).map(String.init)].map { $0 ?? "-" }
                    .joined(separator: " ")
            }
        }
    }

    private static func markAll(_ rating: Int64, in database: any Database) async throws {
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO account (id, name, key, role, created_at) VALUES (1, 'a', 'a', 'admin', 0)
                ON CONFLICT DO NOTHING
                """)
            try connection.execute("INSERT INTO album_mark SELECT 1, id, 5, \(rating) FROM album")
            try connection.execute("INSERT INTO artist_mark SELECT 1, id, 6, NULL FROM artist")
        }
    }

    @Test(
        "Marks of an album and an artist follow a correction, a move, and a change of mind", arguments: Engine.available
    )
    func corrected(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        let paths = (0..<3).map { "/music/a/\($0).flac" }
        func tag(_ paths: [String], _ album: String, _ artist: String, at time: Int64) async throws {
            for path in paths {
                bench.put(path, mtime: time, content: path) {
                    ($0.album, $0.artists, $0.albumArtists) = (album, [artist], [artist])
                }
            }
            try await bench.scan()
        }
        try await tag(paths, "Debjut", "Bjork", at: 1)
        try await Self.markAll(4, in: bench.database)
        // One after the other: the marks stay while anybody names the old ones.
        try await tag([paths[0]], "Debut", "Björk G", at: 2)
        #expect(try await Self.names(bench.database) == ["album Debjut 5 4", "artist Bjork 6 -"])
        try await tag(Array(paths[1...]), "Debut", "Björk G", at: 3)
        #expect(try await Self.names(bench.database) == ["album Debut 5 4", "artist Björk G 6 -"])
        for path in paths { bench.move(path, path.replacing("/a/", with: "/elsewhere/")) }
        try await bench.scan()
        #expect(try await Self.names(bench.database) == ["album Debut 5 4", "artist Björk G 6 -"])
        let moved = paths.map { $0.replacing("/a/", with: "/elsewhere/") }
        for path in moved {
            bench.disk[path]?.metadata.album = "Debjut"
            let facts = try #require(bench.disk[path]?.facts)
            bench.disk[path]?.facts = FileFacts(
                size: facts.size, mtimeNs: 9, inode: facts.inode, device: facts.device)
        }
        try await bench.scan()
        #expect(try await Self.names(bench.database) == ["album Debjut 5 4", "artist Björk G 6 -"])
    }

    @Test(
        "What an heir has of its own counts more; where several come for one, nobody inherits",
        arguments: Engine.available)
    func heirs(engine: Engine) async throws {
        let bench = try await CatalogueBench(engine)
        bench.put("/music/a/1.flac", content: "1") { ($0.album, $0.artists) = ("Old", ["A and B"]) }
        bench.put("/music/a/2.flac", content: "2") { ($0.album, $0.artists) = ("New", ["C"]) }
        try await bench.scan()
        try await Self.markAll(2, in: bench.database)
        _ = try await bench.database.write { connection in
            try connection.execute(
                "UPDATE album_mark SET starred_at = NULL, rating = 5 WHERE album_id IN (SELECT id FROM album WHERE title = 'New')"
            )
        }
        bench.put("/music/a/1.flac", mtime: 2, content: "1") { ($0.album, $0.artists) = ("New", ["A", "B"]) }
        try await bench.scan()
        #expect(try await Self.names(bench.database) == ["album New 5 5", "artist C 6 -"])
        let audit = try await DatabaseAudit(database: bench.database).run()
        #expect(audit.filter { $0.verdict != .fine }.isEmpty)
    }
}
