import Contracts
import Domain
import Foundation
import TestSupport
import Testing

/// ReplayGain from the shell: what was measured, what the files say, and how it gets there.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ReplayGainTests {
    private func replaygain(_ lab: Lab, _ server: ServerProcess, _ arguments: String...) async throws -> Lab.Finished {
        try await lab.run(
            ["replaygain"] + arguments, environment: ["SILLON_DATA": lab.data, "SILLON_SERVER": server.api.base])
    }

    private func rows(_ finished: Lab.Finished) throws -> [JSONValue] {
        try ContractJSON.decode(JSONValue.self, from: finished.output).list
    }

    private func contents(_ folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(filePath: folder + "/" + $0))) })
    }

    @Test("A dry run changes nothing; what is written is a retag that nothing listens to again")
    func written() async throws {
        let library = try await Library()
        let (lab, server) = (library.lab, try await library.served())
        let shelf = lab.music + "/Shelf"
        let before = try contents(shelf)

        let dry = try await replaygain(lab, server, lab.music)
        #expect(dry.exit == .code(0), "\(dry.errors)")
        #expect(dry.output.contains("to write") && dry.errors.contains("nothing was written"))
        #expect(try contents(shelf) == before)

        let all = try rows(try await replaygain(lab, server, "--all", "--write", "--json"))
        #expect(all.count == 8)
        for row in all { #expect(row["outcome"]?.text == "written", "\(row)") }
        let after = try contents(shelf)
        #expect(after.keys == before.keys)
        #expect(after.allSatisfy { before[$0.key] != $0.value })
        let count = Int64(after.count)

        let scan = try await server.api.scan(lab.music)
        #expect(scan.progress("indexed") == count)
        #expect(scan.progress("cached") == count, "the audio is known by its content")
        for (name, track) in try await server.api.tracksByName() {
            let (measured, tagged) = (track["replay_gain"], track["tagged_replay_gain"])
            for gain in ["track_gain_db", "album_gain_db"] {
                guard let wanted = measured?[gain]?.number else { continue }
                #expect(abs(wanted - (tagged?[gain]?.number ?? .nan)) < 0.0051, "\(name) \(gain)")
            }
        }
        let again = try rows(try await replaygain(lab, server, shelf, "--write", "--json"))
        #expect(again.count(where: { $0["outcome"]?.text == "current" }) == Int(count))
        #expect(try await server.stop() == .code(0))
    }

    @Test("Files that are gone, read-only, odd or other than analysed fail by name, and the others are written")
    func failures() async throws {
        let library = try await Library()
        let (lab, server) = (library.lab, try await library.served())
        let shelf = lab.music + "/Shelf/"
        try FileManager.default.removeItem(atPath: shelf + "Amble.mp3")
        chmod(shelf + "Bracken.flac", 0o444)
        try FileManager.default.removeItem(atPath: shelf + "Cinder.ogg")
        try FileManager.default.copyItem(atPath: shelf + "Dusk.opus", toPath: shelf + "Cinder.ogg")
        let odd = try FileHandle(forUpdating: URL(filePath: shelf + "Ember.m4a"))
        try odd.seekToEnd()
        try odd.write(contentsOf: Data([1, 2, 3]))
        try odd.close()
        let finished = try await replaygain(lab, server, "--all", "--write")
        #expect(finished.exit == .code(1))
        #expect(finished.errors.contains("may not be written"))
        #expect(finished.errors.contains("scan it first"))
        #expect(finished.errors.contains("has bytes that are no box, so nothing is written into it"))
        #expect(finished.errors.contains("4 of 8 files failed"))
        #expect(finished.output.split(separator: "\n").count { $0.hasSuffix("written") } == 4)
        #expect(try await replaygain(lab, server, "--album", "999").exit == .code(1))
        #expect(try await replaygain(lab, server).exit == .code(64))
        #expect(try await replaygain(lab, server, "--all", "--write", "--dry-run").exit == .code(64))
        #expect(try await server.stop() == .code(0))
    }

    private static let kills = 20

    @Test("Killed in the middle of writing, it leaves the old file or the new one, whole")
    func killed() async throws {
        let lab = try Lab()
        let path = lab.music + "/long.flac"
        try Tool.run(
            "ffmpeg",
            ["-nostdin", "-v", "error", "-f", "lavfi", "-i", "anoisesrc=d=60:a=0.1:r=48000", "-ac", "2", path])
        let server = try await ServerProcess.start(lab, .up, music: [lab.music])
        try await server.api.allScansEnded()
        let old = try Data(contentsOf: URL(filePath: path))
        let begin = ContinuousClock.now
        let finished = try await replaygain(lab, server, path, "--write")
        let duration = ContinuousClock.now - begin
        #expect(finished.exit == .code(0), "\(finished.errors)")
        let new = try Data(contentsOf: URL(filePath: path))
        #expect(new != old)
        var found: [Data] = []
        for run in 0..<Self.kills {
            try old.write(to: URL(filePath: path))
            let process = try lab.start(
                ["replaygain", path, "--write"],
                environment: ["SILLON_DATA": lab.data, "SILLON_SERVER": server.api.base])
            // Another moment of its work each time; whatever the moment, the file must be whole.
            try await Task.sleep(for: duration * run / Self.kills)
            process.kill()
            found.append(try Data(contentsOf: URL(filePath: path)))
            let names = try FileManager.default.contentsOfDirectory(atPath: lab.music)
            #expect(names.filter { !$0.hasPrefix(".sillon-") } == ["long.flac"])
        }
        #expect(found.allSatisfy { $0 == old || $0 == new })
        #expect(found.first == old)
        #expect(try await server.stop() == .code(0))
    }
}
