import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// A file with a sheet beside it, from the disk to somebody who listens.
@Suite(.timeLimit(.minutes(4)))
struct CueSheetTests {
    private static let tones = [330, 440, 587]
    private static let secondsEach = 8

    private func sheet(_ titles: [String]) -> String {
        var lines = ["PERFORMER \"Marled Field\"", "TITLE \"Furrow Lines\"", "FILE \"Album.wav\" WAVE"]
        for (place, title) in titles.enumerated() {
            let seconds = place * Self.secondsEach
            lines += ["  TRACK 0\(place + 1) AUDIO", "    TITLE \"\(title)\""]
            lines.append("    INDEX 01 00:\(seconds < 10 ? "0" : "")\(seconds):00")
        }
        return lines.joined(separator: "\r\n")
    }

    private func write(_ titles: [String], _ lab: Lab) throws {
        try Data(sheet(titles).utf8).write(to: URL(filePath: lab.music + "/Album.cue"))
    }

    private func makeAlbum(_ lab: Lab) throws {
        let inputs = Self.tones.flatMap {
            ["-f", "lavfi", "-i", "sine=frequency=\($0):duration=\(Self.secondsEach):sample_rate=44100"]
        }
        try Tool.run(
            "ffmpeg",
            ["-nostdin", "-v", "error"] + inputs + ["-filter_complex", "[0][1][2]concat=n=3:v=0:a=1"]
                + [lab.music + "/Album.flac"])
    }

    private func present(_ server: ServerProcess) async throws -> [JSONValue] {
        try await server.api.list("/v1/tracks").filter { $0["state"]?.text == "present" }.sorted {
            ($0["track_number"]?.int ?? 0) < ($1["track_number"]?.int ?? 0)
        }
    }

    private func scan(_ lab: Lab, _ server: ServerProcess) async throws {
        _ = try await server.api.ask(.post, "/v1/scans", ["path": .string(lab.music)])
        try await server.api.allScansEnded()
    }

    /// Length and pitch of an answer, by ffmpeg.
    private func judge(_ path: String, _ lab: Lab, _ server: ServerProcess) async throws -> (
        seconds: Double, hertz: Double
    ) {
        let file = lab.folder + "/heard"
        var request = HTTPClientRequest(url: server.api.base + path)
        if !path.hasPrefix("/rest/"), let token = server.api.token {
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        #expect(answer.status == .ok, "\(path): \(answer.status)")
        let bytes = try await answer.body.collect(upTo: 64 << 20)
        try Data(bytes.readableBytesView).write(to: URL(filePath: file))
        let said = try Tool.run("ffprobe", ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file])
        try Tool.run(
            "ffmpeg",
            ["-nostdin", "-v", "error", "-y", "-i", file, "-f", "f32le", "-ac", "1", "-ar", "44100", file + ".f32"])
        let raw = try Data(contentsOf: URL(filePath: file + ".f32"))
        let samples = raw.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        let middle = samples[(samples.count / 4)..<(samples.count * 3 / 4)]
        let crossings = zip(middle, middle.dropFirst()).count { $0 < 0 && $1 >= 0 }
        let seconds = Double(said.split(separator: "\n").first ?? "") ?? -1
        return (seconds, Double(crossings) / Double(middle.count) * 44100)
    }

    @Test("A sheet makes tracks of a file that are heard, played and sought in as tracks", arguments: Engine.available)
    func journey(engine: Engine) async throws {
        let lab = try Lab(engine)
        try makeAlbum(lab)
        try write(["First Light", "Fallow", "Tilth"], lab)
        let server = try await ServerProcess.start(lab, .up, music: [lab.music])
        try await server.api.allScansEnded()
        let tracks = try await present(server)
        #expect(tracks.compactMap { $0["title"]?.text } == ["First Light", "Fallow", "Tilth"])
        #expect(tracks.allSatisfy { $0["artist"]?.text == "Marled Field" && $0["has_vector"] == .bool(true) })
        #expect(tracks.compactMap { $0["duration_ms"]?.int } == [8000, 8000, 8000])
        #expect(Set(tracks.compactMap { $0["content_key"]?.text }).count == 3)
        #expect(tracks[1]["segment"] == ["number": 2, "begin_ms": 8000, "end_ms": 16000])
        let key = try await server.api.ask(.post, "/v1/me/app-passwords", ["name": "phone"])["secret"]?.text ?? ""
        for (place, track) in tracks.enumerated() {
            let id = try #require(track["id"]?.int)
            for path in [
                "/v1/tracks/\(id)/stream", "/v1/tracks/\(id)/download", "/v1/tracks/\(id)/stream?format=opus",
                "/rest/stream?id=tr-\(id)&apiKey=\(key)&v=1.16.1&c=test",
                "/rest/download?id=tr-\(id)&apiKey=\(key)&v=1.16.1&c=test",
            ] {
                let heard = try await judge(path, lab, server)
                #expect(abs(heard.seconds - 8) < 0.02, "\(path): \(heard.seconds) s")
                #expect(abs(heard.hertz - Double(Self.tones[place])) < 2, "\(path): \(heard.hertz) Hz")
            }
            let late = try await judge("/v1/tracks/\(id)/stream?time_offset=5.5", lab, server)
            #expect(abs(late.seconds - 2.5) < 0.02 && abs(late.hertz - Double(Self.tones[place])) < 3)
        }
        let song = try await server.api.send(
            .get, "/rest/getSong?id=tr-\(tracks[1]["id"]?.int ?? 0)&apiKey=\(key)&v=1.16.1&c=test&f=json")
        for part in [#""suffix":"flac""#, #""path":"Album.flac/02 - Fallow.flac""#, #""duration":8"#] {
            #expect(
                song.body.replacing(" ", with: "").contains(part.replacing(" ", with: "")), "\(part) in \(song.body)")
        }
        let download = try await server.api.send(.get, "/v1/tracks/\(tracks[1]["id"]?.int ?? 0)/download")
        #expect(download.headers["content-disposition"]?.contains("02 - Fallow.flac") == true)

        // The ids stay when a title is mended; without the sheet the file is one track.
        try write(["First Light", "Fallow Field", "Tilth"], lab)
        try await scan(lab, server)
        let mended = try await present(server)
        #expect(mended.map { $0["id"] } == tracks.map { $0["id"] })
        #expect(mended[1]["title"]?.text == "Fallow Field")
        try FileManager.default.removeItem(atPath: lab.music + "/Album.cue")
        try await scan(lab, server)
        let whole = try await present(server)
        #expect(whole.count == 1 && whole[0]["segment"] == .null && whole[0]["duration_ms"]?.int == 24_000)
        try write(["One"], lab)
        try Data("FILE \"Album.flac\" WAVE\nTRACK 01 AUDIO\n".utf8).write(to: URL(filePath: lab.music + "/bad.cue"))
        try await scan(lab, server)
        let scans = try await server.api.list("/v1/scans")
        #expect("\(scans)".contains("track 1 has no INDEX 01"))
        #expect(try await present(server).count == 1)
        #expect(try await server.stop() == .code(0))
    }
}
