import Domain
import Testing

struct PictureTurnTests {
    /// A directory of two tags, the second of them how the picture is turned.
    private func tiff(_ orientation: UInt8, isLittle: Bool, type: UInt8 = 3) -> [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return isLittle ? bytes : bytes.reversed()
        }
        let head: [UInt8] = isLittle ? [0x49, 0x49] : [0x4D, 0x4D]
        let first = number(0x010F, 2) + number(2, 2) + number(1, 4) + [65, 0, 0, 0]
        let second = number(0x0112, 2) + number(Int(type), 2) + number(1, 4) + number(Int(orientation), 2) + [0, 0]
        return head + number(42, 2) + number(8, 4) + number(2, 2) + first + second + number(0, 4)
    }

    private func jpeg(_ exif: [UInt8]) -> [UInt8] {
        let body = Array("Exif\u{0}\u{0}".utf8) + exif
        let segment: [UInt8] = [0xFF, 0xE1, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 255)] + body
        return [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2] + segment + [0xFF, 0xC0, 0, 17, 8, 0, 9, 0, 9, 3]
    }

    private func png(_ exif: [UInt8]) -> [UInt8] {
        let head: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let size: [UInt8] = [0, 0, 0, 9, 0, 0, 0, 9, 8, 2, 0, 0, 0, 1, 2, 3, 4]
        return head + [0, 0, 0, 13] + Array("IHDR".utf8) + size + [0, 0, 0, UInt8(exif.count)] + Array("eXIf".utf8)
            + exif + [0, 0, 0, 0]
    }

    private func webp(_ exif: [UInt8]) -> [UInt8] {
        Array("RIFF\u{0}\u{0}\u{0}\u{0}WEBPVP8X".utf8) + [10, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 8, 0, 0]
            + Array("ODD ".utf8) + [1, 0, 0, 0, 7, 0] + Array("EXIF".utf8) + [UInt8(exif.count), 0, 0, 0] + exif
    }

    @Test("How a picture is turned is read in every kind, whatever the order of bytes", arguments: 1...8)
    func read(orientation: Int) throws {
        let turn = try #require(PictureTurn(rawValue: orientation))
        for isLittle in [true, false] {
            let exif = tiff(UInt8(orientation), isLittle: isLittle)
            #expect(PictureTurn(jpeg(exif)) == turn)
            #expect(PictureTurn(png(exif)) == turn)
            #expect(PictureTurn(webp(exif)) == turn)
            #expect(PictureTurn(webp(Array("Exif\u{0}\u{0}".utf8) + exif)) == turn)
        }
        #expect(turn.isSideways == (orientation > 4))
    }

    @Test("What makes no sense turns nothing, and what is cut off anywhere is read to its end")
    func nonsense() {
        for value: UInt8 in [0, 9, 255] { #expect(PictureTurn(jpeg(tiff(value, isLittle: true))) == .none) }
        #expect(PictureTurn(jpeg(tiff(6, isLittle: true, type: 4))) == .none)
        #expect(PictureTurn(Array("no picture".utf8)) == .none)
        for whole in [jpeg(tiff(6, isLittle: false)), png(tiff(6, isLittle: false)), webp(tiff(6, isLittle: true))] {
            for count in whole.indices { _ = PictureTurn(Array(whole.prefix(count))) }
            var wild = whole
            for index in whole.indices.dropFirst(12) {
                wild[index] = 255
                _ = PictureTurn(wild)
            }
        }
    }
}
