import Testing

@testable import Domain

@Suite struct CueSheetTests {
    private static let sheet = """
        REM GENRE "Field recordings"
        REM DATE 1998
        REM DISCID 860B640B
        REM DISCNUMBER 2
        REM TOTALDISCS 3
        REM REPLAYGAIN_ALBUM_GAIN -6.21 dB
        CATALOG 0724359871820
        PERFORMER "Marled Field"
        TITLE "Furrow Lines"
        FILE "Furrow Lines.wav" WAVE
          TRACK 01 AUDIO
            TITLE "First "Light" on Stubble"
            FLAGS DCP
            INDEX 01 00:00:00
          TRACK 02 AUDIO
            TITLE "Fallow"
            PERFORMER "Marled Field & Tine"
            SONGWRITER Tine
            ISRC GBAAA9800002
            REM REPLAYGAIN_TRACK_GAIN +1.50 dB
            REM REPLAYGAIN_TRACK_PEAK 0.988
            PREGAP 00:02:00
            INDEX 00 03:23:74
            INDEX 01 03:25:74
          TRACK 03 AUDIO
            INDEX 01 06:41:15
        """

    @Test(
        "Files, tracks and times are read, whatever ends the lines",
        arguments: ["\n", "\r\n", "\r"])
    func whole(lineEnd: String) throws {
        let text = Self.sheet.split(separator: "\n").joined(separator: lineEnd)
        let sheet = try CueSheet([0xEF, 0xBB, 0xBF] + Array(text.utf8))
        #expect(sheet.album.title == "Furrow Lines" && sheet.album.artist == "Marled Field")
        #expect(sheet.album.genre == "Field recordings" && sheet.album.date == "1998")
        #expect(sheet.album.discNumber == 2 && sheet.album.discTotal == 3 && sheet.album.trackTotal == 3)
        #expect(sheet.album.gainDb == -6.21 && sheet.album.catalog == "0724359871820")
        let file = try #require(sheet.files.first)
        #expect(sheet.files.count == 1 && file.name == "Furrow Lines.wav")
        #expect(file.parts.map(\.number) == [1, 2, 3])
        #expect(file.parts.map(\.title) == ["First \"Light\" on Stubble", "Fallow", nil])
        // A second has 75 frames, and a track begins with its INDEX 01.
        let second: Int64 = 205_000_000 + 74 * 1_000_000 / 75
        let third: Int64 = 401_200_000
        #expect(file.parts.map(\.beginUs) == [0, second, third])
        #expect(file.parts.map(\.endUs) == [second, third, nil])
        #expect(file.parts[1].artist == "Marled Field & Tine" && file.parts[1].songwriter == "Tine")
        #expect(file.parts[1].isrc == "GBAAA9800002")
        #expect(file.parts[1].gainDb == 1.5 && file.parts[1].peak == 0.988)
        #expect(sheet.cut(file)?.parts == file.parts && sheet.cut(file)?.problem == nil)
    }

    @Test("A sheet that is not UTF-8 is in the Latin-1 of Windows")
    func charset() throws {
        var bytes = Array("TITLE \"Caf".utf8)
        bytes += [0xE9, 0x20, 0x97]
        bytes += Array("\"\nFILE a.wav WAVE\nTRACK 1 AUDIO\n".utf8)
        #expect(try CueSheet(bytes + Array("INDEX 01 00:00:00".utf8)).album.title == "Café —")
    }

    @Test("A track belongs to the file in which its INDEX 01 lies, and a file with one is not cut")
    func files() throws {
        let text = """
            FILE "a.wav" WAVE
            TRACK 01 AUDIO
            INDEX 01 00:00:00
            TRACK 02 AUDIO
            INDEX 00 03:00:00
            FILE My file.wav WAVE
            INDEX 01 00:00:00
            TRACK 03 MODE1/2352
            INDEX 01 02:00:00
            """
        let sheet = try CueSheet(text: text)
        #expect(sheet.files.map(\.name) == ["a.wav", "My file.wav"])
        #expect(sheet.files.map { $0.parts.map(\.number) } == [[1], [2]])
        #expect(sheet.files[1].parts[0].endUs == 120_000_000, "what is no music is no part of it")
        #expect(sheet.files.compactMap(sheet.cut).isEmpty)
    }

    private static let head = "FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:01:00\nTRACK 02 AUDIO\n"

    private static let refusals: [(String, String)] = [
        ("", "names no file"), ("TITLE x\nPERFORMER y", "names no file"), ("\u{FEFF}RIFF\0\u{1}", "names no file"),
        ("TRACK 01 AUDIO\nINDEX 01 00:00:00", "before any FILE"), ("FILE\n", "no name"),
        ("INDEX 01 00:00:00", "before any TRACK"), ("\(head)", "track 2 has no INDEX 01"),
        ("\(head)INDEX 01 00:00:74", "begins before track 1"), ("\(head)INDEX 01 00:01:00", "where that one does"),
        ("\(head)INDEX 01 00:60:00", "no time like"), ("\(head)INDEX 01 00:02:75", "no time like"),
        ("\(head)INDEX 01 -1:02:00", "no time like"), ("\(head)INDEX 01 99999:00:00", "no time like"),
        ("\(head)INDEX 01 ٣:00:00", "no time like"), ("\(head)INDEX 01 02:00", "no time like"),
        ("\(head)INDEX 01", "has no time"), ("\(head)INDEX 01 02:00:00\nINDEX 01 03:00:00", "two times"),
        ("\(head)INDEX 01 02:00:00\nTRACK 02 AUDIO\nINDEX 01 03:00:00", "two tracks 2"),
        ("\(head)INDEX 01 02:00:00\nTRACK 100 AUDIO", "no number"), ("FILE a.wav WAVE\nTRACK x AUDIO", "no number"),
        ("FILE a.wav WAVE\nTRACK 2 AUDIO\nINDEX 01 00:00:00\nTRACK 1 AUDIO\nINDEX 01 01:00:00", "behind track 2"),
    ]

    @Test("What is wrong is refused, and the reason is told", arguments: refusals)
    func refused(text: String, reason: String) {
        do {
            let sheet = try CueSheet(text: text)
            Issue.record("it was read: \(sheet)")
        } catch {
            #expect(error.description.contains(reason), "\(error.description)")
        }
    }

    @Test("No text is too large or too odd")
    func hostile() throws {
        #expect(throws: CueSheet.Problem("it has more than 256 KB")) {
            try CueSheet([UInt8](repeating: 0x20, count: CueSheet.maxBytes + 1))
        }
        let title = String(repeating: "é", count: 100_000)
        let long = try CueSheet(text: "TITLE \"\(title)\"\n" + Self.head + "INDEX 01 02:00:00")
        #expect((long.album.title?.utf8.count ?? 0) <= CueSheet.maxValueBytes)
        let many = (1...99).map { "TRACK \($0) AUDIO\nINDEX 01 \($0):00:00\n" }.joined()
        #expect(try CueSheet(text: "FILE a WAVE\n" + many).files[0].parts.count == 99)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let noise = (0..<400).map { _ in UInt8.random(in: 0...255, using: &generator) }
            _ = try? CueSheet(noise)  // whatever it says, it ends
            let words = ["FILE", "TRACK", "INDEX", "01", "\"", "00:00:00", "REM", "\n", "AUDIO", " "]
            let text = (0..<60).map { _ in words.randomElement(using: &generator) ?? "" }.joined(separator: " ")
            _ = try? CueSheet(text: text)  // likewise
        }
    }

    @Test("A cut that comes from elsewhere is held against its own rules")
    func cuts() {
        func problem(_ parts: [(Int, Int64, Int64?)]) -> String? {
            SheetCut(parts: parts.map { SheetPart(number: $0.0, beginUs: $0.1, endUs: $0.2) }).problem
        }
        #expect(problem([(1, 0, 5), (2, 5, nil)]) == nil)
        #expect(problem([(1, 0, nil), (2, 5, nil)]) != nil)
        #expect(problem([(1, 0, 6), (2, 5, nil)]) != nil)
        #expect(problem([(2, 0, 5), (1, 5, nil)]) != nil)
        #expect(problem([(0, 0, 5)]) != nil && problem([(1, -1, 5)]) != nil && problem([(1, 5, 5)]) != nil)
        #expect(problem((1...100).map { ($0, Int64($0), Int64($0 + 1)) }) != nil)
        let cut = SheetCut(parts: [
            SheetPart(number: 1, beginUs: 0, endUs: 5_000_000), SheetPart(number: 2, beginUs: 5_000_000),
        ])
        #expect(cut.problem(inFileOf: 5000) == "track 2 begins behind the end of the file")
        #expect(cut.problem(inFileOf: 5001) == nil && cut.problem(inFileOf: nil) == nil)
    }
}

@Suite struct SheetFolderTests {
    private func sheet(_ name: String, of file: String, _ title: String = "") throws -> SheetFolder.Sheet {
        let text = """
            TITLE "\(title)"
            FILE "\(file)" WAVE
            TRACK 01 AUDIO
            INDEX 01 00:00:00
            TRACK 02 AUDIO
            INDEX 01 01:00:00
            """
        return .init(name: Array(name.utf8), result: .success(try CueSheet(text: text)))
    }

    @Test(
        "A sheet means the file of its name, in any case, or with another ending, and no other",
        arguments: [
            ("a.flac", "a.flac"), ("A.FLAC", "a.flac"), ("a.wav", "a.flac"), ("C:\\rips\\a.wav", "a.flac"),
            ("b.wav", nil), ("c.wav", nil), ("", nil), ("d", nil), ("É.wav", "é.flac"),
        ])
    func names(named: String, expected: String?) throws {
        let files = ["a.flac", "c.flac", "c.ape", "é.flac"].map { Array($0.utf8) }
        guard !named.isEmpty else {
            #expect(throws: CueSheet.Problem.self) { try sheet("x.cue", of: named) }
            return
        }
        let folder = SheetFolder(sheets: [try sheet("x.cue", of: named)], files: files)
        #expect(folder.cuts.keys.map { String(decoding: $0, as: UTF8.self) } == (expected.map { [$0] } ?? []))
        #expect(folder.refused.count == (expected == nil ? 1 : 0))
    }

    @Test("What is told of a file that is not there is short, and moves no cursor")
    func hostileName() throws {
        let named = "\u{1B}[31m" + String(repeating: "x", count: 5000)
        let refused = SheetFolder(sheets: [try sheet("x.cue", of: named)], files: []).refused
        let text = try #require(refused.first).problem.description
        #expect(text.contains("[31mxxx") && text.count < 150 && !text.contains("\u{1B}"))
    }

    @Test("Behind the end of a file there is nothing, whatever its sheet says")
    func pastTheEnd() throws {
        let stretch = try #require(Stretch(beginUs: 60_000_000, endUs: 300_000_000))
        #expect(stretch.durationMs(ofFile: 200_000) == 140_000)
        #expect(stretch.durationMs(ofFile: 400_000) == 240_000 && stretch.durationMs(ofFile: nil) == 240_000)
    }

    @Test("Of several sheets for a file, that of its own name counts, else the first")
    func several() throws {
        let file = Array("a.flac".utf8)
        let sheets = [try sheet("b.cue", of: "a.flac", "b"), try sheet("a.cue", of: "a.wav", "a")]
        #expect(SheetFolder(sheets: sheets, files: [file]).cuts[file]?.album.title == "a")
        let others = [try sheet("z.cue", of: "a.flac", "z"), try sheet("b.cue", of: "a.wav", "b")]
        #expect(SheetFolder(sheets: others, files: [file]).cuts[file]?.album.title == "b")
        let bad = SheetFolder.Sheet(name: Array("a.cue".utf8), result: .failure(.init("no")))
        let mixed = SheetFolder(sheets: others + [bad], files: [file])
        #expect(mixed.cuts[file]?.album.title == "b" && mixed.refused.map(\.problem.description) == ["no"])
    }
}

@Suite struct SheetMetadataTests {
    @Test("A part has what the sheet says over what the file says, and nothing of the file as a whole")
    func overlay() {
        var file = TrackMetadata()
        (file.title, file.album, file.artists, file.date) = ("Whole", "Old", ["Somebody"], "1990")
        (file.genres, file.trackNumber, file.discNumber) = (["Folk"], 7, 1)
        file.extra = ["lyrics": ["la"], "cuesheet": ["FILE"], "label": ["Clod"], "artistsort": ["Body, Some"]]
        file.musicBrainz.recording = "r"
        file.musicBrainz.release = "x"
        (file.replayGain.trackGainDb, file.replayGain.albumGainDb) = (-3, -4)
        var album = SheetAlbum()
        (album.title, album.artist, album.genre, album.trackTotal) = ("New", "Band", "Drone", 9)
        var part = SheetPart(number: 2, beginUs: 0)
        (part.title, part.artist, part.isrc, part.gainDb) = ("Two", "Guest", "GB1", -8)
        let own = file.part(part, of: album)
        #expect(own.title == "Two" && own.album == "New" && own.artists == ["Guest"] && own.albumArtists == ["Band"])
        #expect(own.genres == ["Drone"] && own.date == "1990" && own.trackNumber == 2 && own.trackTotal == 9)
        #expect(own.discNumber == 1 && own.extra == ["label": ["Clod"], "isrc": ["GB1"]])
        #expect(own.musicBrainz.recording == nil && own.musicBrainz.release == "x")
        #expect(own.replayGain.trackGainDb == -8 && own.replayGain.albumGainDb == -4)
        let bare = file.part(SheetPart(number: 1, beginUs: 0), of: SheetAlbum())
        #expect(bare.title == "Track 1" && bare.artists == ["Somebody"] && bare.replayGain.trackGainDb == nil)
        #expect(bare.extra["artistsort"] == ["Body, Some"])
    }

    @Test("A part is never sent as its file")
    func plans() {
        var flac = AudioProperties(codec: "flac")
        flac.bitrateKbps = 900
        func profile(_ wish: StreamWish, _ audio: AudioProperties) -> TranscodeProfile? {
            guard case .transcode(let profile) = StreamPlan.choose(wish, of: audio, fileBytes: 1, isPart: true) else {
                return nil
            }
            return profile
        }
        #expect(profile(StreamWish(fromMs: 9), flac) == TranscodeProfile(format: .flac, kbps: 0, fromMs: 9))
        #expect(profile(StreamWish(format: .raw), flac)?.format == .flac)
        #expect(profile(StreamWish(maxKbps: 200), flac)?.format == .mp3)
        #expect(profile(StreamWish(format: .opus), flac)?.format == .opus)
        var mp3 = AudioProperties(codec: "mp3")
        mp3.bitrateKbps = 256
        #expect(profile(StreamWish(), mp3)?.kbps == 256)
        #expect(profile(StreamWish(maxKbps: 128), mp3)?.kbps == 128)
        #expect(profile(StreamWish(), AudioProperties(codec: "opus"))?.format == .opus)
        #expect(profile(StreamWish(), AudioProperties(codec: "dsd"))?.format == .mp3)
        #expect(StreamPlan.partFormat(of: AudioProperties(codec: "ape")) == .flac)
    }
}
