import Contracts
import Foundation
import TestSupport
import Testing

@testable import Demo

/// Real encodings of one song, from the file to the list.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct DuplicatesTests {
    /// Twenty seconds, as FLAC, as MP3, and as Opus that is quieter and begins three seconds late; another song, and a copy.
    private func library(_ engine: Engine) throws -> Lab {
        let lab = try Lab(engine)
        let tree = Tree(lab.music)
        func encode(_ key: MusicalKey, bpm: Double, _ timbre: Timbre, _ names: [(String, [String])]) throws {
            let spec = SongSpec(bpm: bpm, key: key, timbre: timbre, drums: .brushes, seconds: 20)
            try tree.write("source.wav", WaveFile.bytes(of: spec.samples()))
            for (name, options) in names {
                _ = try Tool.run(
                    "ffmpeg",
                    ["-v", "error", "-nostdin", "-i", lab.music + "/source.wav"] + options + [lab.music + "/" + name])
            }
            try FileManager.default.removeItem(atPath: lab.music + "/source.wav")
        }
        try encode(
            MusicalKey(7, .major), bpm: 92, .strings,
            [
                ("song.flac", ["-metadata", "title=Song"]), ("song.mp3", ["-b:a", "128k"]),
                ("late.opus", ["-ss", "3", "-af", "volume=-6dB", "-b:a", "96k"]),
            ])
        try encode(MusicalKey(2, .minor), bpm: 124, .synth, [("other.flac", [])])
        try FileManager.default.copyItem(atPath: lab.music + "/other.flac", toPath: lab.music + "/copy.flac")
        return lab
    }

    /// The name of the file, and why it is here.
    private static func summary(_ item: JSONValue) -> String {
        let name = item["track"]?["path"]?.text?.split(separator: "/").last ?? ""
        return "\(name) \(item["evidence"]?.text ?? "")"
    }

    @Test(
        "Encodings, cut starts and copies are listed with the reason, and left out of what sounds alike",
        arguments: Engine.available)
    func listed(engine: Engine) async throws {
        let lab = try library(engine)
        let server = try await ServerProcess.start(
            lab, .up, music: [lab.music], environment: ["SILLON_FINGERPRINT": "true"])
        let api = server.api
        try await api.allScansEnded()
        let answer = try await until("everything is compared") { () -> JSONValue? in
            let answer = try await api.ask(.get, "/v1/duplicates")
            guard answer["waiting"] == 0, answer["compared"] == 4 else { return Optional.none }
            return answer
        }
        let groups = answer.items.map { $0.items.map(Self.summary) }
        #expect(groups.count == 2)
        let encodings = try #require(groups.first { $0.count == 3 })
        let found: Set = ["song.flac ", "song.mp3 same_fingerprint", "late.opus same_fingerprint"]
        #expect(Set(encodings) == found && encodings.first == "song.flac ")
        let copies = try #require(groups.first { $0.count == 2 })
        #expect(copies[1].hasSuffix(" same_content"))
        let id = try #require(try await api.tracksByName()["song.mp3"]?["id"]?.int)
        #expect(try await api.ask(.get, "/v1/tracks/\(id)/duplicates").items.count == 3)
        try await until("the twins are left out") {
            try await api.ask(.get, "/v1/tracks/\(id)/similar").items.count == 1
        }
        let client = ["--data", lab.data, "--server", api.base]
        let shown = try await lab.run(["duplicates"] + client)
        #expect(shown.exit == .code(0) && shown.output.contains("same fingerprint") && shown.output.contains("keep"))
        let spare = try await lab.run(["duplicates", "--m3u"] + client).output.split(separator: "\n")
        #expect(spare.count { $0.hasPrefix("/") } == 3)
        #expect(try await server.stop() == .code(0))
    }
}
