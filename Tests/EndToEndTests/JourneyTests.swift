import Contracts
import Demo
import Domain
import TestSupport
import Testing

/// What a user does, in the order of a user's days, against real processes.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct JourneyTests {
    @Test("One command turns a folder into tracks that can be searched and compared", arguments: Engine.available)
    func firstDay(_ engine: Engine) async throws {
        let library = try await Library(engine)
        let server = try await library.served()
        let tracks = try await server.api.tracksByName()
        #expect(Set(tracks.keys) == Set(library.songs.map(\.fileName)))
        for (name, track) in tracks {
            #expect(track["analysis"]?.text == "complete", "\(name)")
            #expect(track["has_vector"]?.flag == true, "\(name)")
            #expect(abs((track["duration_ms"]?.number ?? 0) - 6000) < 200, "\(name)")
        }
        #expect(try await server.api.search("fat").contains("Fathom"))
        #expect(try await server.api.search("MÄRLED").count == 8)
        for odd in ["\"", "a\"b", "*", "NEAR(", "-", "'", "a AND", "\\", "title:x", "^a", "{", "é\u{0301}"] {
            #expect(try await server.api.send(.get, "/v1/search?q=" + Client.escaped(odd)).status == 200, "\(odd)")
        }
        let id = try #require(tracks["Amble.mp3"]?["id"]?.int)
        let neighbours = try await server.api.similar(to: id)
        #expect(Set(neighbours.map(\.id)).count == 7)
        #expect(neighbours.map(\.score) == neighbours.map(\.score).sorted(by: >))
        let scans = try await server.api.list("/v1/scans")
        let scan = try #require(scans.first)
        #expect(scan["state"]?.text == "finished")
        for name in ["found", "indexed", "analyzed", "vectorized"] { #expect(scan.progress(name) == 8, "\(name)") }
        #expect(scan.progress("failed") == 0)
        #expect(scan.progress("tasks_left") == 0)
        try await everyTaskSucceededOnce(server.api)
        #expect(try await server.stop() == .code(0))
    }

    private func everyTaskSucceededOnce(_ api: Client) async throws {
        // That of the map may wait for its turn.
        let tasks = try await api.list("/v1/tasks").filter { $0["task"]?.text != "project_map" }
        #expect(tasks.count == 1 + 8 * 3)
        for task in tasks {
            let id = try #require(task["id"]?.int)
            let detail = try await api.ask(.get, "/v1/tasks/\(id)")
            #expect(detail["state"]?.text == "done")
            #expect(detail["runs"]?.list.map { $0["end"]?.text } == ["succeeded"])
        }
    }

    @Test("A second look at an unchanged folder changes no row and asks for no work", arguments: Engine.available)
    func nothingNew(_ engine: Engine) async throws {
        let library = try await Library(engine)
        let server = try await library.served()
        let rows = try Rows(library.lab)
        let before = try await rows.dump()
        let scan = try await server.api.scan(library.lab.music)
        #expect(scan.progress("unchanged") == 8)
        #expect(scan.progress("tasks_queued") == 1)
        #expect(try await rows.dump() == before)
    }

    @Test("Renamed, moved and retagged files keep their ids and cost no new analysis", arguments: Engine.available)
    func movesAndRetags(_ engine: Engine) async throws {
        let library = try await Library(engine)
        let server = try await library.served()
        let before = try await server.api.tracksByName()
        let rows = try Rows(library.lab)
        let heard = try await rows.dump(["analysis", "embedding"])
        try library.tree.move("Shelf/Amble.mp3", to: "Shelf/01 Amble.mp3")
        try library.tree.move("Shelf/Bracken.flac", to: "Elsewhere/deep/Bracken.flac")
        for name in ["Cinder", "Dusk", "Ember", "Glint", "Hollow"] {
            let song = try library.song(name)
            try library.tree.write("Shelf/" + song.fileName, song.tagged { $0.title = "\(name) (Remaster)" })
        }
        let scan = try await server.api.scan(library.lab.music)
        #expect(scan.progress("moved") == 2)
        #expect(scan.progress("missing") == 0)
        #expect(scan.progress("failed") == 0)
        let after = try await server.api.tracksByName()
        #expect(after["01 Amble.mp3"]?["id"] == before["Amble.mp3"]?["id"])
        #expect(after["Bracken.flac"]?["id"] == before["Bracken.flac"]?["id"])
        #expect(after["Bracken.flac"]?["path"]?.text == library.lab.music + "/Elsewhere/deep/Bracken.flac")
        for name in ["Cinder.ogg", "Dusk.opus", "Ember.m4a", "Glint.wav", "Hollow.aiff"] {
            #expect(after[name]?["id"] == before[name]?["id"], "\(name)")
            #expect(after[name]?["title"]?.text?.hasSuffix("(Remaster)") == true, "\(name)")
            #expect(after[name]?["content_key"] == before[name]?["content_key"], "\(name)")
            #expect(after[name]?["has_vector"]?.flag == true, "\(name)")
        }
        #expect(after.count == 8)
        #expect(try await rows.dump(["analysis", "embedding"]) == heard)
    }

    @Test("A file that is moved and retagged at once is known by its sound", arguments: Engine.available)
    func movedAndRetagged(_ engine: Engine) async throws {
        let library = try await Library(engine)
        let server = try await library.served()
        let before = try await server.api.tracksByName()
        let song = try library.song("Cinder")
        try library.tree.remove("Shelf/Cinder.ogg")
        try library.tree.write("Other/Renamed.ogg", song.tagged { $0.title = "Quite another name" })
        try await server.api.scan(library.lab.music)
        let after = try await server.api.tracksByName()
        #expect(after["Renamed.ogg"]?["id"] == before["Cinder.ogg"]?["id"])
        #expect(after["Cinder.ogg"] == nil)
    }

    @Test("A vanished file is marked missing, and is itself again when it comes back", arguments: Engine.available)
    func vanishing(_ engine: Engine) async throws {
        let library = try await Library(engine)
        let server = try await library.served()
        let before = try await server.api.tracksByName()
        try library.tree.move("Shelf/Dusk.opus", to: "../aside.opus")
        let gone = try await server.api.scan(library.lab.music)
        #expect(gone.progress("missing") == 1)
        #expect(try await server.api.tracksByName()["Dusk.opus"]?["state"]?.text == "missing")
        #expect(try await server.api.ask(.get, "/v1/library")["missing"]?.int == 1)
        let other = try #require(before["Cinder.ogg"]?["id"]?.int)
        let absent = try #require(before["Dusk.opus"]?["id"]?.int)
        #expect(try await server.api.similar(to: other).contains { $0.id == absent } == false)
        try library.tree.move("../aside.opus", to: "Shelf/Dusk.opus")
        try await server.api.scan(library.lab.music)
        let back = try await server.api.tracksByName()["Dusk.opus"]
        #expect(back?["state"]?.text == "present")
        #expect(back?["id"]?.int == absent)
        #expect(try await server.api.similar(to: other).contains { $0.id == absent })
    }

    @Test("An absent or emptied root marks nothing and says so", arguments: [true, false], Engine.available)
    func unmounted(_ leavesMountPoint: Bool, _ engine: Engine) async throws {
        let library = try await Library(engine)
        let server = try await library.served()
        let rows = try Rows(library.lab)
        let before = try await rows.dump(["track"])
        try library.tree.move("../music", to: "../unmounted")
        if leavesMountPoint { try library.tree.makeFolder(library.tree.root) }
        let scan = try await server.api.scan(library.lab.music)
        #expect(scan.progress("missing") == 0)
        #expect(scan["notice"]?.text?.isEmpty == false)
        #expect(try await rows.dump(["track"]) == before)
        #expect(try await server.api.ask(.get, "/v1/library")["missing"]?.int == 0)
    }

    @Test("A new track is in the answers as soon as it has a vector", arguments: Engine.available)
    func newTrack(_ engine: Engine) async throws {
        let library = try await Library(engine)
        try library.tree.move("Shelf/Cinder.ogg", to: "../Cinder.ogg")
        let server = try await library.served()
        let old = try #require(try await server.api.tracksByName()["Dusk.opus"]?["id"]?.int)
        #expect(try await server.api.similar(to: old).count == 6)
        try library.tree.move("../Cinder.ogg", to: "Shelf/Cinder.ogg")
        let scan = try await server.api.startScan(library.lab.music)
        let new = try await until("the new track has a vector", every: .milliseconds(10)) { () -> Int64? in
            let track = try await server.api.tracksByName()["Cinder.ogg"]
            return track?["has_vector"]?.flag == true ? track?["id"]?.int : nil
        }
        try await until("the new track is among the answers", .seconds(1), every: .milliseconds(10)) {
            try await server.api.similar(to: old).contains { $0.id == new }
        }
        #expect(try await server.api.similar(to: new).count == 7)
        try await server.api.ended(scan)
    }

    @Test("Cancelling a scan ends it within a second, and what was done stays", arguments: Engine.available)
    func cancelling(_ engine: Engine) async throws {
        let library = try await Library(engine)
        for copy in 0..<40 {
            for song in library.songs {
                try library.tree.write("Copies/\(copy)/\(song.fileName)", song.tagged { $0.title = "\(copy)" })
            }
        }
        let server = try await ServerProcess.start(library.lab, .up)
        let scan = try await server.api.startScan(library.lab.music)
        try await until("something is indexed") {
            try await server.api.ask(.get, "/v1/scans/\(scan)").progress("indexed") > 0
        }
        let clock = ContinuousClock()
        let start = clock.now
        _ = try await server.api.ask(.delete, "/v1/scans/\(scan)")
        let ended = try await server.api.ended(scan, .seconds(20))
        #expect(ended["state"]?.text == "cancelled")
        try await until("nothing of the scan waits or runs", .seconds(20)) {
            try await server.api.list("/v1/tasks?scan_id=\(scan)").allSatisfy {
                !["ready", "running", "scheduled"].contains($0["state"]?.text)
            }
        }
        let seconds = clock.now - start
        print("cancelled after \(seconds)")
        #expect(seconds < .seconds(3), "a second, and two more for a busy machine")
        #expect(try await server.api.ask(.get, "/v1/library")["tracks"]?.int ?? 0 > 0)
        #expect(try await server.stop() == .code(0))
    }

    @Test("A polite stop in the middle of a scan loses nothing: the next start goes on", arguments: Engine.available)
    func restart(_ engine: Engine) async throws {
        let library = try await Library(engine)
        let first = try await ServerProcess.start(library.lab, .up, music: [library.lab.music])
        try await until("something is analysed") {
            try await first.api.ask(.get, "/v1/library")["analyzed"]?.int ?? 0 > 0
        }
        #expect(try await first.stop() == .code(0))
        let second = try await ServerProcess.start(library.lab, .up)
        let scans = try await second.api.allScansEnded()
        #expect(scans.map { $0["state"]?.text } == ["finished"])
        let totals = try await second.api.ask(.get, "/v1/library")
        #expect(totals["tracks"]?.int == 8)
        #expect(totals["vectorized"]?.int == 8)
        let tasks = try await second.api.list("/v1/tasks")
        #expect(tasks.allSatisfy { $0["crashes"]?.int == 0 && $0["failures"]?.int == 0 })
        let before = try await Snapshot(second.api, root: library.lab.music)
        #expect(try await second.stop() == .code(0))
        let third = try await ServerProcess.start(library.lab, .up)
        let after = try await Snapshot(third.api, root: library.lab.music)
        #expect(before.difference(after) == "")
    }
}
