import Domain
import Testing
import UseCases

@testable import Audio

@Suite struct TagCoverTests {
    private static let python = """
        PNG = bytes.fromhex("89504e470d0a1a0a") + b"front"
        JPG = bytes.fromhex("ffd8ffe0") + b"back"
        SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"

        """

    private func cover(_ name: String, _ script: String) async throws -> CoverImage? {
        let lab = try MediaLab()
        let file = try lab.tone(name)
        try lab.mutagen(name, Self.python + script)
        return try await withPool { try await $0.readTags(of: file) }.cover
    }

    private let front: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array("front".utf8)

    @Test(
        "The front cover is taken, wherever it stands",
        arguments: [
            (
                "a.mp3",
                """
                use('id3')
                t = ID3(); t.add(APIC(3, "image/jpeg", 4, "b", JPG)); t.add(APIC(3, "text/html", 3, "f", PNG)); t.save(FILE)
                """
            ),
            (
                "a.flac",
                """
                use('flac')
                f = FLAC(FILE)
                for k, d in ((4, JPG), (3, PNG)):
                    p = Picture(); p.type = k; p.data = d; p.mime = "image/svg+xml"; f.add_picture(p)
                f.save()
                """
            ),
            (
                "a.opus",
                """
                import base64
                from mutagen.flac import Picture
                from mutagen.oggopus import OggOpus
                f = OggOpus(FILE); l = []
                for k, d in ((4, JPG), (3, PNG)):
                    p = Picture(); p.type = k; p.data = d; p.mime = "image/png"
                    l.append(base64.b64encode(p.write()).decode())
                f["metadata_block_picture"] = l; f.save()
                """
            ),
            (
                "a.m4a",
                """
                use('mp4')
                f = MP4(FILE); f["covr"] = [MP4Cover(PNG, MP4Cover.FORMAT_JPEG), MP4Cover(JPG)]; f.save()
                """
            ),
            (
                "a.wv",
                """
                use('apev2')
                a = APEv2(); a["Cover Art (Front)"] = APEValue(b"name.png\\0" + PNG, BINARY); a.save(FILE)
                """
            ),
        ])
    func front(_ name: String, _ script: String) async throws {
        let cover = try #require(try await cover(name, script))
        #expect(cover.data == front)
        #expect(cover.mediaType == "image/png")
        #expect(cover.hash == "1999b0ee9c4f5b61a6226267815f093ba3d5d2cd8c7f29242fd58385aa2d3b98")
    }

    @Test("Pictures that are no pixels are refused, whatever they claim to be")
    func refused() async throws {
        let cover = try await cover(
            "a.mp3",
            """
            use('id3')
            t = ID3(); t.add(APIC(3, "image/png", 3, "f", SVG)); t.add(APIC(3, "-->", 4, "l", b"http://x/y.png"))
            t.save(FILE)
            """)
        #expect(cover == nil)
    }

    @Test("A cover larger than the limit is left out, the tags are not")
    func tooLarge() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("a.mp3")
        try lab.mutagen(
            "a.mp3",
            Self.python + """
                use('id3')
                t = ID3(); t.add(TIT2(3, "T")); t.add(APIC(3, "image/png", 3, "f", PNG + bytes(\(CoverImage.maxBytes))))
                t.save(FILE)
                """)
        let reading = try await withPool { try await $0.readTags(of: file) }
        #expect(reading.cover == nil)
        #expect(reading.metadata.title == "T")
    }

    @Test("A large cover comes through whole")
    func large() async throws {
        let cover = try await cover(
            "a.mp3",
            """
            use('id3')
            t = ID3(); t.add(APIC(3, "image/png", 3, "f", PNG + bytes(range(256)) * 40000)); t.save(FILE)
            """)
        #expect(cover?.data.count == 13 + 256 * 40_000)
        #expect(cover?.data.last == 255)
    }

    @Test("The first bytes decide what a picture is")
    func sniffing() {
        #expect(CoverSniffer.mediaType(of: [0xFF, 0xD8, 0xFF, 0]) == "image/jpeg")
        #expect(CoverSniffer.mediaType(of: Array("GIF89a".utf8)) == "image/gif")
        #expect(CoverSniffer.mediaType(of: Array("RIFF....WEBP".utf8)) == "image/webp")
        #expect(CoverSniffer.mediaType(of: Array("BM....".utf8)) == "image/bmp")
        #expect(CoverSniffer.mediaType(of: Array("RIFF....WAVE".utf8)) == nil)
        #expect(CoverSniffer.mediaType(of: Array("<html>".utf8)) == nil)
        #expect(CoverSniffer.mediaType(of: []) == nil)
        // SHA-256 of "BM", from the standard tools.
        #expect(
            CoverSniffer.cover(Array("BM".utf8))?.hash
                == "60552acac4d4873c30906f5436310b55eb77652d626c5b5565091ae0275cdbf2")
    }
}
