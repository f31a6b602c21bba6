import Domain
import Foundation
import TestSupport
import Testing
import UseCases

@testable import Audio

/// Files for splicing, which is done in this process: what is written, what must stay, and what ffprobe then sees.
struct SpliceLab {
    let lab: MediaLab

    init() throws { lab = try MediaLab() }

    static let texts: GainTexts = {
        var gain = ReplayGain()
        (gain.trackGainDb, gain.trackPeak, gain.albumGainDb, gain.albumPeak) = (-7.891, 0.98765432, 1.5, 1.0625)
        return GainTexts(gain)
    }()

    static let track: GainTexts = {
        var gain = ReplayGain()
        (gain.trackGainDb, gain.trackPeak) = (3.25, 0.5)
        return GainTexts(gain)
    }()

    /// Audio of MPEG without any tag.
    func bareMP3() throws -> [UInt8] {
        try lab.tone("bare.mp3", ["-id3v2_version", "0", "-write_xing", "0"])
        return try lab.read("bare.mp3")
    }

    /// Opens a file for reading and writing.
    func open<Value>(_ name: String, _ body: (Int32, FilePath) throws -> Value) throws -> Value {
        let handle = try FileHandle(forUpdating: lab.url(name))
        defer { close(handle) }
        return try body(handle.fileDescriptor, lab.file(name).path)
    }

    private func close(_ handle: FileHandle) {
        do { try handle.close() } catch { Issue.record(error) }
    }

    func parts(_ name: String, _ texts: GainTexts = Self.texts) throws -> [FilePart] {
        try open(name) { try texts.others($0, $1) }
    }

    /// What writing would change.
    func edits(_ name: String) throws -> [FileEdit] {
        try open(name) { descriptor, path in
            let format = try GainFormat(descriptor, extension: path.fileExtension)
            return try #require(try format.edits(FileBytes(descriptor), Self.texts.fields))
        }
    }

    /// Writes and expects that all else stays, twice: the second time must change no byte.
    func write(_ name: String, _ texts: GainTexts = Self.texts) throws {
        let before = try parts(name, texts)
        try open(name) { try texts.write($0, $1) }
        #expect(FilePart.damage(from: before, to: try parts(name, texts)) == nil)
        let once = try lab.read(name)
        try open(name) { try texts.write($0, $1) }
        #expect(try lab.read(name) == once, "what is there already is written to the same place")
    }

    /// By names in small letters.
    func probe(_ name: String) throws -> [String: String] {
        let text = try Tool.run(
            "ffprobe", ["-v", "quiet", "-show_entries", "format_tags:stream_tags", "-of", "json", lab.url(name).path])
        let json = try JSONDecoder().decode(Probe.self, from: Data(text.utf8))
        var tags: [String: String] = [:]
        for list in [json.format?.tags] + (json.streams ?? []).map(\.tags) {
            for (key, value) in list ?? [:] { tags[key.lowercased()] = value }
        }
        return tags
    }

    private struct Probe: Decodable {
        struct Tagged: Decodable { var tags: [String: String]? }
        var format: Tagged?
        var streams: [Tagged]?
    }

    func expectGains(_ name: String) throws {
        let tags = try probe(name)
        #expect(tags["replaygain_track_gain"] == "-7.89 dB", "\(tags)")
        #expect(tags["replaygain_track_peak"] == "0.987654")
        #expect(tags["replaygain_album_gain"] == "1.50 dB")
        #expect(tags["replaygain_album_peak"] == "1.062500")
    }

    /// A digest of the coded audio as libavformat takes it out of the container.
    func packets(_ name: String) throws -> String {
        try Tool.run(
            "ffmpeg",
            ["-nostdin", "-v", "quiet", "-i", lab.url(name).path, "-map", "0:a", "-c", "copy", "-f", "md5", "-"])
    }
}

extension [UInt8] {
    func contains(run: [UInt8]) -> Bool { Data(self).range(of: Data(run)) != nil }
}
