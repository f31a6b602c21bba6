import Domain
import Testing

struct PictureHeaderTests {
    private let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 1, 0, 0, 0, 0, 9]

    @Test("The size of a PNG is read, and one without a size is none")
    func pngSize() {
        let header = PictureHeader(png)
        #expect(header?.format == .png && header?.width == 256 && header?.height == 9 && header?.longerSide == 256)
        for count in 0..<png.count { #expect(PictureHeader(Array(png.prefix(count))) == nil) }
        #expect(PictureHeader(Array(png.prefix(20)) + [0, 0, 0, 0]) == nil, "a height of 0")
        #expect(PictureHeader(Array(png.prefix(20)) + [255, 255, 255, 255]) == nil, "beyond what any decoder takes")
    }

    @Test("The frame of a JPEG is found behind other segments and padding")
    func jpegSize() {
        let frame: [UInt8] = [0xFF, 0xC2, 0, 17, 8, 0x01, 0x2C, 0x02, 0x58, 3]
        let header: [UInt8] =
            [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC4, 0, 3, 9, 0xFF, 0xFF, 0xFF] + frame.dropFirst()
        #expect(PictureHeader(header).map { [$0.width, $0.height] } == [600, 300])
        #expect(PictureHeader([0xFF, 0xD8, 0xFF, 0xDA, 0, 4, 1, 2] + frame) == nil, "a scan before its frame")
        #expect(PictureHeader([0xFF, 0xD8, 0xFF, 0xE0, 0, 1] + frame) == nil, "a segment shorter than its length")
    }

    @Test("The three kinds of WebP say how large they are")
    func webpSize() {
        let head = Array("RIFF\u{0}\u{0}\u{0}\u{0}WEBP".utf8)
        let extended = head + Array("VP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0, 0xFF, 1, 0, 9, 0, 0]
        #expect(PictureHeader(extended).map { [$0.width, $0.height] } == [512, 10])
        let lossy = head + Array("VP8 ".utf8) + [9, 0, 0, 0, 0, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00]
        #expect(PictureHeader(lossy).map { [$0.width, $0.height] } == [320, 240])
        let lossless = head + Array("VP8L".utf8) + [9, 0, 0, 0, 0x2F, 0x3F, 0xC1, 0x3B, 0x00]
        #expect(PictureHeader(lossless).map { [$0.width, $0.height] } == [320, 240])
    }

    @Test("A size is answered by the next larger one, and by the picture itself beyond them")
    func sizes() {
        #expect([1, 64, 65, 250, 251, 1000].map { CoverSize(atLeast: $0)?.rawValue } == [64, 64, 250, 250, 500, 1000])
        #expect(CoverSize(atLeast: 1001) == nil)
    }
}
