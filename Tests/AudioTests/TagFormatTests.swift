import Domain
import Testing
import UseCases

@testable import Audio

/// Tags written by mutagen, an independent implementation, into files encoded by ffmpeg.
@Suite struct TagFormatTests {
    private static let recording = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"
    private static let artistA = "89ad4ac3-39f7-470e-963a-56509c546377"
    private static let artistB = "65f4f0c5-ef9e-490c-aee3-909e7ae6b2ab"

    private func read(_ name: String, _ arguments: [String] = [], tagged script: String) async throws -> TagReading {
        let lab = try MediaLab()
        let file = try lab.tone(name, ["-bitexact"] + arguments)
        try lab.mutagen(name, script)
        return try await withPool { try await $0.readTags(of: file) }
    }

    @Test("ID3v2.4: several values, TXXX, UFID, roles, RVA2, dates")
    func id3v24() async throws {
        let reading = try await read(
            "a.mp3",
            tagged: """
                use('id3')
                t = ID3()
                t.add(TIT2(3, "Title")); t.add(TALB(3, "Album")); t.add(TPE1(3, ["A", "B"])); t.add(TPE2(3, "AA"))
                t.add(TXXX(3, "Artists", ["A", "B", "C"])); t.add(TCON(3, ["17", "Jazz", "Own"]))
                t.add(TRCK(3, "03/12")); t.add(TPOS(3, "1/2")); t.add(TDRC(3, "1997-05-21T10:00:00"))
                t.add(TDOR(3, "1990-02")); t.add(TCMP(3, "1")); t.add(TBPM(3, "128")); t.add(TKEY(3, "F#m"))
                t.add(UFID("http://musicbrainz.org", b"\(Self.recording)"))
                t.add(TXXX(3, "MusicBrainz Artist Id", ["\(Self.artistA)", "\(Self.artistB)"]))
                t.add(TXXX(3, "MusicBrainz Album Type", ["album"]))
                t.add(RVA2("track", 1, -3.5, 0.5)); t.add(TXXX(3, "REPLAYGAIN_ALBUM_GAIN", "-7,89 dB"))
                t.add(TXXX(3, "replaygain_album_peak", "1.05")); t.add(TIPL(3, [["producer", "P"], ["mix", "M"]]))
                t.add(TMCL(3, [["guitar", "G"]])); t.add(TSRC(3, "USRC17607839")); t.add(TSOP(3, "Sort, A"))
                t.add(USLT(3, "eng", "", "words")); t.add(COMM(3, "eng", "", "hello")); t.add(TSST(3, "Side"))
                t.add(COMM(3, "eng", "iTunNORM", " 000")); t.add(TSSE(3, "LAME"))
                t.save(FILE, v2_version=4)
                """)
        let metadata = reading.metadata
        #expect(metadata.artists == ["A", "B", "C"])
        #expect(metadata.artistCredit == "A; B")
        #expect(metadata.albumArtists == ["AA"])
        #expect(metadata.genres == ["Rock", "Jazz", "Own"])
        #expect(metadata.date == "1997-05-21")
        #expect(metadata.originalDate == "1990-02")
        #expect(metadata.year == 1990)
        #expect([metadata.trackNumber, metadata.trackTotal, metadata.discNumber, metadata.discTotal] == [3, 12, 1, 2])
        #expect(metadata.isCompilation)
        #expect(metadata.bpm == 128)
        #expect(metadata.key == "F#m")
        #expect(metadata.musicBrainz.recording == Self.recording)
        #expect(metadata.musicBrainz.artists == [Self.artistA, Self.artistB])
        #expect(abs((metadata.replayGain.trackGainDb ?? 0) + 3.5) < 0.01)
        #expect(abs((metadata.replayGain.trackPeak ?? 0) - 0.5) < 0.01)
        #expect(metadata.replayGain.albumGainDb == -7.89)
        #expect(metadata.replayGain.albumPeak == 1.05)
        #expect(
            metadata.extra == [
                "releasetype": ["album"], "producer": ["P"], "mixer": ["M"], "performer:guitar": ["G"],
                "isrc": ["USRC17607839"], "artistsort": ["Sort, A"], "lyrics": ["[la:eng]\nwords"],
                "comment": ["hello"],
                "discsubtitle": ["Side"],
            ])
    }

    @Test("Lyrics of ID3 have their language, and their times: of lines, or of syllables that make lines")
    func timedLyrics() async throws {
        let reading = try await read(
            "a.mp3",
            tagged: """
                use('id3')
                t = ID3()
                t.add(USLT(3, "XXX", "", "one\\ntwo")); t.add(USLT(1, "FRA", "fr", "un\\ndeux"))
                t.add(SYLT(3, "deu", 2, 1, "lines", [("Erste Zeile", 1000), ("Zweite", 62500)]))
                t.add(SYLT(1, "eng", 2, 1, "words", [("Fir", 900), ("st", 1100), ("\\nSec", 2000), ("ond", 90000000),
                    ("ond", 2300), ("\\n", 2500)]))
                t.add(SYLT(3, "eng", 1, 1, "frames", [("no", 1)])); t.add(SYLT(3, "eng", 2, 5, "chords", [("Am", 1)]))
                t.save(FILE, v2_version=4)
                """)
        #expect(reading.metadata.extra["lyrics"] == ["one\ntwo", "[la:fra]\nun\ndeux"])
        #expect(
            reading.metadata.extra["syncedlyrics"] == [
                "[la:deu]\n[00:01.000]Erste Zeile\n[01:02.500]Zweite",
                "[la:eng]\n[00:00.900]First\n[00:02.000]Second",
            ])
        let lyrics = FindLyrics.inTags(reading.metadata)
        #expect(lyrics.map(\.language) == ["deu", "eng", nil, "fra"])
        #expect(lyrics.map(\.isSynced) == [true, true, false, false])
        #expect(lyrics[0].lines == [.init(startMs: 1000, text: "Erste Zeile"), .init(startMs: 62_500, text: "Zweite")])
        #expect(lyrics[3].text == "un\ndeux")
    }

    @Test("ID3v2.3: slashes part identifiers and nothing else; year, day and month become a date")
    func id3v23() async throws {
        let metadata = try await read(
            "a.mp3",
            tagged: """
                use('id3')
                t = ID3()
                t.add(TPE1(1, "AC/DC")); t.add(TCON(1, "(17)")); t.add(TYER(1, "1997")); t.add(TDAT(1, "2105"))
                t.add(TORY(1, "1990")); t.add(TXXX(1, "MusicBrainz Artist Id", "\(Self.artistA)/\(Self.artistB)"))
                t.save(FILE, v2_version=3, v23_sep=None)
                """
        ).metadata
        #expect(metadata.artists == ["AC/DC"])
        #expect(metadata.genres == ["Rock"])
        #expect(metadata.date == "1997-05-21")
        #expect(metadata.originalDate == "1990")
        #expect(metadata.musicBrainz.artists == [Self.artistA, Self.artistB])
    }

    @Test("An encoder's ID3v2 tag does not hide the APE tag behind it, nor this one ID3v1")
    func severalTags() async throws {
        let metadata = try await read(
            "a.mp3",
            tagged: """
                use('id3')
                use('apev2')
                t = ID3(); t.add(TSSE(3, "LAME")); t.add(TIT2(3, "From ID3v2")); t.save(FILE, v1=0)
                a = APEv2(); a["Title"] = "From APE"; a["Artist"] = ["X", "Y"]; a["Year"] = "1985"; a["Track"] = "2/9"
                a["Album Artist"] = "Z"; a.save(FILE)
                with open(FILE, "ab") as f:
                    f.write(b"TAG" + b"v1 title".ljust(30, b"\\0") + b"v1 artist".ljust(30, b"\\0")
                        + b"v1 album".ljust(30, b"\\0") + b"1980" + b"c".ljust(28, b"\\0") + b"\\0\\x07\\x11")
                """
        ).metadata
        #expect(metadata.title == "From ID3v2")
        #expect(metadata.artists == ["X", "Y"])
        #expect(metadata.albumArtists == ["Z"])
        #expect(metadata.album == "v1 album")
        #expect(metadata.date == "1985")
        #expect(metadata.trackNumber == 2)
        #expect(metadata.trackTotal == 9)
        #expect(metadata.genres == ["Rock"])
    }

    @Test("Vorbis comments keep any spelling of a name", arguments: ["a.flac", "a.ogg", "a.opus"])
    func vorbis(_ name: String) async throws {
        let metadata = try await read(
            name, name == "a.ogg" ? ["-c:a", "libvorbis"] : [],
            tagged: """
                import mutagen
                f = mutagen.File(FILE); f.delete() if f.tags is None else None
                for k, v in {"title": "T", "ALBUM ARTIST": "AA", "artist": ["A", "B"], "tracknumber": "3",
                    "totaltracks": "9", "DISCNUMBER": "1", "DISCTOTAL": "2", "date": "2001-01", "year": "2001",
                    "initialkey": "8A", "COMPILATION": "1", "musicbrainz_trackid": "\(Self.recording)".upper(),
                    "R128_TRACK_GAIN": "-512", "organization": "Label", "composer": ["C", "D"], "encoder": "x"}.items():
                    f[k] = v
                f.save()
                """
        ).metadata
        #expect(metadata.artists == ["A", "B"])
        #expect(metadata.albumArtists == ["AA"])
        #expect([metadata.trackNumber, metadata.trackTotal, metadata.discNumber, metadata.discTotal] == [3, 9, 1, 2])
        #expect(metadata.date == "2001-01")
        #expect(metadata.key == "8A")
        #expect(metadata.isCompilation)
        #expect(metadata.musicBrainz.recording == Self.recording)
        #expect(metadata.replayGain.trackGainDb == 3)
        #expect(metadata.extra == ["label": ["Label"], "composer": ["C", "D"]])
    }

    @Test("MP4 atoms that TagLib's property map loses are read")
    func mp4() async throws {
        let metadata = try await read(
            "a.m4a",
            tagged: """
                use('mp4')
                f = MP4(FILE); p = "----:com.apple.iTunes:"
                f["\\xa9nam"] = "T"; f["\\xa9ART"] = ["A", "B"]; f["aART"] = "AA"; f["trkn"] = [(3, 9)]
                f["disk"] = [(1, 0)]; f["cpil"] = True; f["tmpo"] = [128]; f["\\xa9day"] = "1997-05-21T07:00:00Z"
                f["\\xa9gen"] = "Own"; f["soar"] = "S"
                for k, v in {"REPLAYGAIN_TRACK_GAIN": "-7.89 dB", "replaygain_track_peak": "0.9", "initialkey": "Am",
                    "Acoustid Id": "id", "MusicBrainz Track Id": "\(Self.recording)", "LABEL": "L",
                    "iTunNORM": "0"}.items(): f[p + k] = v.encode()
                f.save()
                """
        ).metadata
        #expect(metadata.title == "T")
        #expect(metadata.artists == ["A", "B"])
        #expect(metadata.albumArtists == ["AA"])
        #expect(
            [metadata.trackNumber, metadata.trackTotal, metadata.discNumber, metadata.discTotal] == [3, 9, 1, nil])
        #expect(metadata.isCompilation)
        #expect(metadata.bpm == 128)
        #expect(metadata.date == "1997-05-21")
        #expect(metadata.key == "Am")
        #expect(metadata.replayGain.trackGainDb == -7.89)
        #expect(metadata.replayGain.trackPeak == 0.9)
        #expect(metadata.musicBrainz.recording == Self.recording)
        #expect(metadata.extra == ["artistsort": ["S"], "acoustid_id": ["id"], "label": ["L"]])
    }

    @Test("Windows Media attributes")
    func asf() async throws {
        let metadata = try await read(
            "a.wma",
            tagged: """
                use('asf')
                f = ASF(FILE); f.tags.clear()
                for k, v in {"Title": "T", "Author": ["A", "B"], "WM/AlbumTitle": "Al", "WM/AlbumArtist": "AA",
                    "WM/TrackNumber": ASFDWordAttribute(3), "WM/PartOfSet": "1/2", "WM/Year": "1997", "WM/Genre": ["G", "A genre"],
                    "MusicBrainz/Artist Id": ["\(Self.artistB)", "\(Self.artistA)"], "WM/Composer": ["Z", "Y", "X"],
                    "MusicBrainz/Track Id": "\(Self.recording)", "WM/IsCompilation": ASFBoolAttribute(True),
                    "WM/Publisher": "L", "replaygain_track_gain": "+1.5 dB"}.items(): f[k] = v
                f.save()
                """
        ).metadata
        #expect(metadata.title == "T")
        #expect(metadata.artists == ["A", "B"])
        #expect(metadata.genres == ["G", "A genre"])
        #expect(metadata.musicBrainz.artists == [Self.artistB, Self.artistA])
        #expect(metadata.extra["composer"] == ["Z", "Y", "X"])
        #expect(metadata.album == "Al")
        #expect(metadata.albumArtists == ["AA"])
        #expect([metadata.trackNumber, metadata.discNumber, metadata.discTotal] == [3, 1, 2])
        #expect(metadata.date == "1997")
        #expect(metadata.isCompilation)
        #expect(metadata.musicBrainz.recording == Self.recording)
        #expect(metadata.replayGain.trackGainDb == 1.5)
        #expect(metadata.extra["label"] == ["L"])
    }

    @Test("In WAV the ID3 chunk wins over INFO, in AIFF it is the tag", arguments: ["a.wav", "a.aiff"])
    func chunks(_ name: String) async throws {
        let metadata = try await read(
            name, ["-metadata", "title=Info", "-metadata", "artist=Info artist"],
            tagged: """
                import mutagen
                use('id3')
                f = mutagen.File(FILE)
                if f.tags is None: f.add_tags()
                f.tags.add(TIT2(3, "From ID3")); f.tags.add(TALB(3, "Al")); f.save()
                """
        ).metadata
        #expect(metadata.title == "From ID3")
        #expect(metadata.album == "Al")
        #expect(metadata.artists == (name == "a.wav" ? ["Info artist"] : []))
    }

    @Test("The text chunks of AIFF, in UTF-8 or with the eighth bit of old files, behind an ID3 chunk")
    func aiffTexts() async throws {
        let lab = try MediaLab()
        let texts = ["title=Tïtle", "author=Author", "comment=Comment", "copyright=1997"]
        let file = try lab.tone("a.aiff", texts.flatMap { ["-metadata", $0] })
        let old = try lab.write(
            "old.aiff",
            try lab.read("a.aiff").replacing(Array("Tïtle".utf8), with: Array("T".utf8) + [0xEF, 0x74, 0x6C, 0x65, 0]))
        let both = try lab.tone("both.aiff", texts.flatMap { ["-metadata", $0] })
        try lab.mutagen(
            "both.aiff",
            """
            use('id3')
            from mutagen.aiff import AIFF
            f = AIFF(FILE); f.add_tags(); f.tags.add(TPE1(3, "From ID3")); f.save()
            """)
        try await withPool { pool in
            for reading in [try await pool.readTags(of: file), try await pool.readTags(of: old)] {
                #expect(reading.metadata.title == "Tïtle")
                #expect(reading.metadata.artists == ["Author"])
                #expect(reading.metadata.extra == ["comment": ["Comment"], "copyright": ["1997"]])
            }
            let metadata = try await pool.readTags(of: both).metadata
            #expect(metadata.artists == ["From ID3"])
            #expect(metadata.title == "Tïtle")
        }
    }

    @Test("APE tags in WavPack and True Audio, behind or before other tags", arguments: ["a.wv", "a.tta"])
    func ape(_ name: String) async throws {
        let metadata = try await read(
            name,
            tagged: """
                use('apev2')
                f = APEv2()
                for k, v in {"Title": "T", "Artist": ["A", "B"], "Album Artist": "AA", "Track": "3/9", "Disc": "1/2",
                    "Year": "1997", "MUSICBRAINZ_ALBUMTYPE": "album", "MixArtist": "R",
                    "REPLAYGAIN_TRACK_GAIN": "-1.00 dB"}.items(): f[k] = v
                f.save(FILE)
                with open(FILE, "ab") as f:
                    f.write(b"TAG" + b"v1 title".ljust(30, b"\\0") + b"v1 artist".ljust(30, b"\\0")
                        + b"v1 album".ljust(30, b"\\0") + b"1980" + b"c".ljust(28, b"\\0") + b"\\0\\x07\\x11")
                """
        ).metadata
        #expect(metadata.title == "T" && metadata.album == "v1 album")
        #expect(metadata.artists == ["A", "B"])
        #expect(metadata.albumArtists == ["AA"])
        #expect([metadata.trackNumber, metadata.trackTotal, metadata.discNumber, metadata.discTotal] == [3, 9, 1, 2])
        #expect(metadata.date == "1997")
        #expect(metadata.replayGain.trackGainDb == -1)
        #expect(metadata.extra == ["releasetype": ["album"], "remixer": ["R"], "comment": ["c"]])
    }
}
