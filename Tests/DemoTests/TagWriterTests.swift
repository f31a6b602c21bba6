import Testing

@testable import Demo

@Suite struct TagWriterTests {
    @Test("The checksum of an Ogg page is the CRC-32 without reflection")
    func checksum() {
        // The complement of the published check value of CRC-32/CKSUM (765E7680), which inverts its result.
        #expect(OggPage.checksum(Array("123456789".utf8)) == 0x89A1_897F)
    }

    @Test(
        "A packet of a multiple of 255 bytes ends with an empty segment",
        arguments: [0, 1, 254, 255, 510, 65_025, 70_000])
    func lacing(size: Int) throws {
        let packets = [[UInt8](repeating: 7, count: size), [1, 2, 3]]
        let pages = OggPage.pages(of: packets, serial: 9, firstSequence: 1)
        var read: [[UInt8]] = []
        var current: [UInt8] = []
        for (index, page) in pages.enumerated() {
            let parsed = try OggPage(page.encoded, at: 0)
            #expect(parsed.sequence == index + 1)
            var position = 0
            for lace in parsed.lacing {
                current += parsed.body[position..<(position + Int(lace))]
                position += Int(lace)
                if lace < 255 {
                    read.append(current)
                    current = []
                }
            }
        }
        #expect(read == packets)
    }

    @Test(
        "A file of another format is refused with its reason",
        arguments: [AudioFormat.flac, .ogg, .opus, .m4a, .wav, .aiff])
    func refusesOtherFormats(format: AudioFormat) {
        for bytes in [
            [], Array("fLaC".utf8), Array("OggS".utf8), [0, 0, 0, 99, 1, 2, 3, 4], [UInt8](repeating: 0, count: 64),
        ] {
            #expect(throws: TagProblem.self) { try format.tagged(bytes, with: TrackTags()) }
        }
    }

    @Test("ID3 sizes use seven bits of each byte")
    func synchsafe() {
        var tags = TrackTags()
        tags.title = String(repeating: "x", count: 300)
        let tag = ID3Tag(tags).bytes
        let size = tag[6..<10].reduce(0) { $0 << 7 | Int($1) }
        #expect(tag[6..<10].allSatisfy { $0 < 128 })
        #expect(size == tag.count - 10)
    }
}
