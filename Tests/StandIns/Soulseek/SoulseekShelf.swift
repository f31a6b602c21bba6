import Demo
import Foundation
import Synchronization

/// Makes the files that peers share when they are first needed: real audio, with tags.
package final class SoulseekShelf: Sendable {
    private struct Order: Hashable {
        let song: SoulseekPeer.Song
        let format: AudioFormat
    }

    private let folder: URL
    private let searchPath: String
    private let made = Mutex<[Order: URL]>([:])

    /// - Parameters:
    ///   - folder: for what is made; it goes when the shelf is closed.
    ///   - searchPath: where ffmpeg is looked for, as in PATH.
    package init(folder: URL, searchPath: String) {
        self.folder = folder
        self.searchPath = searchPath
    }

    package func close() {
        try? FileManager.default.removeItem(at: folder)  // it may never have been made
    }

    /// The file of this origin, on this machine.
    func file(_ origin: SoulseekPeer.File.Origin) async throws -> URL {
        switch origin {
        case .file(let url): return url
        case .song(let song, let format):
            let order = Order(song: song, format: format)
            if let known = made.withLock({ $0[order] }) { return known }
            let url = try await make(song, format)
            made.withLock { $0[order] = url }
            return url
        }
    }

    private func make(_ song: SoulseekPeer.Song, _ format: AudioFormat) async throws -> URL {
        let name = Digest.md5("\(song.artist)/\(song.album)/\(song.title)/\(format.rawValue)")
        let scratch = folder.appending(path: "\(name)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }  // goes with the folder at the latest
        let wave = scratch.appending(path: "in.wav")
        let encoded = scratch.appending(path: "out.\(format.fileExtension)")
        try Data(WaveFile.bytes(of: Self.spec(of: song).samples())).write(to: wave)
        let options = format == .flac ? ["-c:a", "flac"] : ["-c:a", "libmp3lame", "-b:a", "192k", "-write_xing", "0"]
        let plain = ["-id3v2_version", "0", "-write_id3v1", "0"]
        try await FFmpeg(searchPath: searchPath).encode(
            wave, options: options + (format == .flac ? [] : plain), to: encoded)
        let tagged = try format.tagged(Array(try Data(contentsOf: encoded)), with: Self.tags(of: song))
        let finished = folder.appending(path: "\(name).\(format.fileExtension)")
        try Data(tagged).write(to: finished, options: .atomic)
        return finished
    }

    private static func spec(of song: SoulseekPeer.Song) -> SongSpec {
        var random = SeededRandom(seed: song.title.utf8.reduce(UInt64(9)) { ($0 &* 31) &+ UInt64($1) })
        return SongSpec(
            bpm: (70 + random.unit() * 90).rounded(), key: MusicalKey(Int(random.next() % 12), .minor),
            timbre: random.pick(Timbre.allCases), drums: random.pick(DrumStyle.allCases), seconds: song.seconds,
            seed: random.next())
    }

    private static func tags(of song: SoulseekPeer.Song) -> TrackTags {
        var tags = TrackTags()
        tags.title = song.title
        tags.artists = [song.artist]
        tags.album = song.album
        tags.albumArtist = song.artist
        tags.date = song.date
        tags.trackNumber = song.number
        return tags
    }
}
