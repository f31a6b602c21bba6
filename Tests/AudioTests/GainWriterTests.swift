import Domain
import Foundation
import TestSupport
import Testing
import UseCases

@testable import Audio

/// What is written, read again by mutagen.
@Suite struct GainWriterTests {
    private static let gain: ReplayGain = {
        var gain = ReplayGain()
        (gain.trackGainDb, gain.trackPeak, gain.albumGainDb, gain.albumPeak) = (-7.891, 0.98765432, 1.5, 1.0625)
        return gain
    }()

    private static let values = [
        "TRACK_GAIN": "-7.89 dB", "TRACK_PEAK": "0.987654", "ALBUM_GAIN": "1.50 dB", "ALBUM_PEAK": "1.062500",
    ]

    @discardableResult
    private func write(_ file: MediaFile, _ gain: ReplayGain = Self.gain) async throws -> Bool {
        let contentKey = try await withPool { try await $0.contentKey(of: file) }
        return try GainWriter(MediaLab.settings()).write(gain, to: file.path, contentKey: contentKey, salt: 1)
    }

    /// How mutagen gets a dictionary of the texts in a file, by the names in capitals.
    private static let readers: [String: String] = [
        "mp3": "use('id3'); f = {k.desc: k.text[0] for k in ID3(FILE).getall('TXXX')}",
        // ffmpeg gives it an APE tag.
        "tta": "use('apev2'); f = {k.upper(): str(v) for k, v in APEv2(FILE).items()}",
        "wav": "use('wave'); f = {k.desc: k.text[0] for k in WAVE(FILE).tags.getall('TXXX')}",
        "aiff": "use('aiff'); f = {k.desc: k.text[0] for k in AIFF(FILE).tags.getall('TXXX')}",
        "m4a":
            "use('mp4'); f = {k.split(':')[-1]: bytes(v[0]).decode() for k, v in MP4(FILE).items() if k[:4] == '----'}",
        "flac": "use('flac'); f = {k.upper(): v for k, v in FLAC(FILE).tags}",
        "ogg": "use('oggvorbis'); f = {k.upper(): v for k, v in OggVorbis(FILE).tags}",
        "opus": "use('oggopus'); f = {k.upper(): v for k, v in OggOpus(FILE).tags}",
        "oga": "use('oggflac'); f = {k.upper(): v for k, v in OggFLAC(FILE).tags}",
        "wv": "use('wavpack'); f = {k.upper(): str(v) for k, v in WavPack(FILE).items()}",
    ]

    /// A picture of one pixel.
    private static let picture = """
        import struct, zlib
        chunk = lambda t, d: struct.pack('>I', len(d)) + t + d + struct.pack('>I', zlib.crc32(t + d))
        PNG = (b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 1, 1, 8, 2, 0, 0, 0))
            + chunk(b'IDAT', zlib.compress(bytes(4))) + chunk(b'IEND', b''))
        """

    /// Old values and other tags, as mutagen writes them.
    private static let taggers: [String: String] = [
        "mp3": """
        \(picture)
        use('id3'); t = ID3(); t.add(TIT2(3, 'Title é')); t.add(TXXX(3, 'replaygain_track_gain', ['+1.00 dB']))
        t.add(TXXX(3, 'Other', ['kept'])); t.add(APIC(0, 'image/png', 3, '', PNG))
        t.save(FILE, v2_version=3)
        """,
        "m4a": """
        use('mp4'); f = MP4(FILE); f['\\xa9nam'] = 'Title é'; f['trkn'] = [(3, 4)]
        f['----:com.apple.iTunes:replaygain_track_gain'] = b'1.00 dB'; f.save()
        """,
        "flac": """
        \(picture)
        use('flac'); f = FLAC(FILE); f['title'] = 'Title é'; f['replaygain_track_gain'] = ['1', '2']
        f['other'] = ['kept', 'too']; p = Picture(); p.type = 3; p.mime = 'image/png'; p.data = PNG
        f.add_picture(p); f.save()
        """,
        "ogg": "use('oggvorbis'); f = OggVorbis(FILE); f['title'] = 'Title é'; f['other'] = 'k' * 70000; f.save()",
        "opus": """
        use('oggopus'); f = OggOpus(FILE); f['title'] = 'Title é'; f['REPLAYGAIN_TRACK_GAIN'] = '1.00 dB'
        f['R128_TRACK_GAIN'] = '5'; f.save()
        """,
        "wv":
            "use('wavpack'); f = WavPack(FILE); f['Title'] = 'Title é'; f['Replaygain_Track_Gain'] = '1 dB'; f.save()",
    ]

    private static let formats = ["mp3", "m4a", "flac", "ogg", "opus", "oga", "wv", "wav", "aiff", "tta"]

    @Test("Every format keeps what is written, and all else; a second reader finds it", arguments: formats)
    func roundTrip(format: String) async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a." + format, format == "oga" ? ["-c:a", "flac"] : [], seconds: 2)
        if let tagger = Self.taggers[format] { try lab.mutagen("a." + format, tagger) }
        let old = try await withPool { try await ($0.readTags(of: file), $0.contentKey(of: file)) }
        #expect(try await write(file))
        let new = try await withPool { try await ($0.readTags(of: file), $0.contentKey(of: file)) }
        #expect(new.1 == old.1)
        var (others, were) = (new.0.metadata, old.0.metadata)
        (others.replayGain, were.replayGain) = (ReplayGain(), ReplayGain())
        #expect(others == were)
        #expect(new.0.cover == old.0.cover)
        if Self.taggers[format] != nil { #expect(others.title == "Title é") }
        let script = try #require(Self.readers[format])
        let kind = format == "opus" ? "R128_" : "REPLAYGAIN_"
        let wanted = format == "opus" ? ["TRACK_GAIN": "-3300", "ALBUM_GAIN": "-896"] : Self.values
        let dictionary = wanted.map { "'\(kind)\($0)': '\($1)'" }.joined(separator: ", ")
        try lab.mutagen(
            "a." + format,
            script + """

                f = {k.upper(): v for k, v in f.items() if 'REPLAYGAIN' in k.upper() or 'R128' in k.upper()}
                assert f == {\(dictionary)}, f
                """)
        #expect(try await !write(file), "a second time there is nothing to write")
        let decoded = try Tool.run(
            "ffmpeg", ["-nostdin", "-v", "error", "-i", lab.url("a." + format).path, "-map", "0:a", "-f", "null", "-"])
        #expect(decoded.isEmpty, "\(decoded)")
    }

    @Test("Without a gain of the album, the file's own stays")
    func trackOnly() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a.flac")
        try lab.mutagen("a.flac", "use('flac'); f = FLAC(FILE); f['REPLAYGAIN_ALBUM_GAIN'] = '3.00 dB'; f.save()")
        var gain = ReplayGain()
        gain.trackGainDb = -1
        try await write(file, gain)
        let tagged = try await withPool { try await $0.readTags(of: file) }.metadata.replayGain
        #expect(tagged.trackGainDb == -1)
        #expect(tagged.albumGainDb == 3)
    }

    @Test(
        "Formats without a place for it are refused and left alone",
        arguments: ["mka", "aac", "caf", "wma"])
    func unsupported(format: String) async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a." + format)
        let before = try lab.read("a." + format)
        let failure = await failureOf { try await write(file) }
        #expect(failure?.reason == .unsupportedFormat)
        #expect(try lab.read("a." + format) == before)
    }

    @Test("A file with other audio than was analysed is refused and left alone")
    func otherAudio() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a.flac")
        let before = try lab.read("a.flac")
        let failure = #expect(throws: Failure.self) {
            try GainWriter(MediaLab.settings()).write(
                Self.gain, to: file.path, contentKey: String(repeating: "0", count: 64), salt: 1)
        }
        #expect(failure?.reason == .fileChanged)
        #expect(failure?.message.contains("scan it first") == true)
        #expect(try lab.read("a.flac") == before)
    }

    @Test("A full disk leaves the file as it was, and says so")
    func fullDisk() async throws {
        let lab = try MediaLab()
        guard let disk = try SmallDisk(lab.url("disk").path, mebibytes: 1) else { return }
        defer { disk.unmount() }
        let file = try lab.tone("disk/a.flac", seconds: 3)
        let before = try lab.read("disk/a.flac")
        try disk.fill()
        let failure = await failureOf { try await write(file) }
        #expect(failure?.reason == .ioError)
        #expect(failure?.message.contains("No space left on device") == true)
        #expect(try lab.read("disk/a.flac") == before)
        disk.free()
        #expect(try await write(file))
    }
}
