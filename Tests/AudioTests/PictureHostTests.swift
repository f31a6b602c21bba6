import Domain
import Files
import Foundation
import TestSupport
import Testing
import UseCases

@testable import Audio

/// Pictures in a real media host: decoded, drawn smaller, or refused with a reason.
@Suite struct PictureHostTests {
    private static let kinds: [(name: String, filter: String, arguments: [String])] = [
        ("a.jpg", "format=yuvj420p", []), ("b.jpg", "format=yuvj444p", []), ("gray.jpg", "format=gray", []),
        ("a.png", "format=rgb24", []), ("alpha.png", "format=rgba", []), ("gray.png", "format=gray", []),
        ("deep.png", "format=rgb48be", []), ("palette.png", "format=pal8", []), ("a.webp", "format=yuv420p", []),
        ("lossless.webp", "format=bgra", ["-lossless", "1"]), ("a.gif", "format=bgr8", []),
        ("a.bmp", "format=bgr24", []),
    ]

    /// A plain colour of `width` x `height` pixels.
    private func picture(
        _ lab: MediaLab, _ name: String, width: Int, height: Int, color: String = "0xC04080", filter: String = "null",
        _ arguments: [String] = []
    ) throws -> [UInt8] {
        try Tool.run(
            "ffmpeg",
            [
                "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "color=\(color):size=\(width)x\(height)",
                "-vf", filter, "-frames:v", "1",
            ] + arguments + [lab.url(name).path])
        return try lab.read(name)
    }

    private func withHost(_ lab: MediaLab, _ body: (PictureHost) async throws -> Void) async throws {
        try await withPool { pool in
            let folder = try CacheFolder(in: lab.root.display + "/staged")
            try await body(PictureHost(pool: pool, folder: folder))
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path.display)
            #expect(left.isEmpty, "what was handed over is removed")
        }
    }

    /// Red, green and blue of the middle, as ffmpeg decodes it.
    private func middle(_ lab: MediaLab, _ jpeg: [UInt8]) throws -> [Int] {
        let header = try #require(PictureHeader(jpeg))
        let place = (header.height / 2 * header.width + header.width / 2) * 3
        return try rgb(lab, jpeg)[place..<place + 3].map(Int.init)
    }

    private func rgb(_ lab: MediaLab, _ jpeg: [UInt8]) throws -> [UInt8] {
        try lab.write("drawing.jpg", jpeg)
        try Tool.run(
            "ffmpeg",
            [
                "-nostdin", "-v", "error", "-y", "-i", lab.url("drawing.jpg").path, "-pix_fmt", "rgb24", "-f",
                "rawvideo", lab.url("drawing.rgb").path,
            ])
        return try lab.read("drawing.rgb")
    }

    @Test("Every kind of picture is drawn smaller, with its proportions and its colour")
    func kinds() async throws {
        let lab = try MediaLab()
        try await withHost(lab) { host in
            for kind in Self.kinds {
                let bytes = try picture(
                    lab, kind.name, width: 300, height: 200, filter: kind.filter, kind.arguments)
                let examined = try await host.examine(bytes)
                #expect(examined.facts == PictureFacts(width: 300, height: 200), "\(kind.name)")
                #expect(examined.cover.data == bytes && examined.cover.hash.utf8.count == 64)
                let drawing = try await host.shrink(bytes, toSide: 64)
                let header = try #require(PictureHeader(drawing), "\(kind.name)")
                #expect(header.format == .jpeg && header.width == 64 && header.height == 43, "\(kind.name)")
                let wanted = kind.name.hasPrefix("gray") ? [110, 110, 110] : [0xC0, 0x40, 0x80]
                let seen = try middle(lab, drawing)
                // A palette of 256 colours and grey by another formula are further away.
                let tolerance = kind.name.hasPrefix("gray") || kind.name == "a.gif" ? 40 : 6
                #expect(zip(seen, wanted).allSatisfy { abs($0 - $1) <= tolerance }, "\(kind.name): \(seen)")
            }
        }
    }

    /// A JPEG whose EXIF says how it was held, in front of what ffmpeg wrote.
    private func held(_ jpeg: [UInt8], _ orientation: UInt8) -> [UInt8] {
        let tiff: [UInt8] =
            [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
        let body = Array("Exif\u{0}\u{0}".utf8) + tiff
        return Array(jpeg.prefix(2)) + [0xFF, 0xE1, 0, UInt8(body.count + 2)] + body + jpeg.dropFirst(2)
    }

    /// Where the red quarter of the picture is, as drawn: `top left`.
    private func redCorner(_ lab: MediaLab, _ jpeg: [UInt8]) throws -> String {
        let header = try #require(PictureHeader(jpeg))
        let pixels = try rgb(lab, jpeg)
        func isRed(_ x: Int, _ y: Int) -> Bool {
            let place = (y * header.height / 4 * header.width + x * header.width / 4) * 3
            return pixels[place] > 180 && pixels[place + 2] < 80
        }
        let corners = [(1, 1, "top left"), (3, 1, "top right"), (1, 3, "bottom left"), (3, 3, "bottom right")]
        return corners.filter { isRed($0.0, $0.1) }.map(\.2).joined(separator: ", ")
    }

    @Test("A picture is drawn as it was held: turned and mirrored as its EXIF says")
    func turned() async throws {
        let lab = try MediaLab()
        let upright = try picture(
            lab, "held.jpg", width: 240, height: 120, color: "blue",
            filter: "drawbox=x=0:y=0:w=120:h=60:color=red:t=fill,format=yuvj444p")
        // EXIF 2.32, 4.6.4: where the first row and column of what is stored are to be seen.
        let corners = [
            "top left", "top right", "bottom right", "bottom left", "top left", "top right", "bottom right",
            "bottom left",
        ]
        try await withHost(lab) { host in
            for (index, corner) in corners.enumerated() {
                let bytes = held(upright, UInt8(index + 1))
                let side = index < 4 ? [240, 120] : [120, 240]
                let facts = try await host.examine(bytes).facts
                #expect([facts.width, facts.height] == side)
                for size in [64, 240] {
                    let drawing = try await host.shrink(bytes, toSide: size)
                    let header = try #require(PictureHeader(drawing))
                    #expect([header.width, header.height] == side.map { $0 * size / 240 })
                    #expect(try redCorner(lab, drawing) == corner, "\(index + 1)")
                }
            }
        }
    }

    @Test("What can be seen through is drawn on white, and no picture is made larger")
    func edges() async throws {
        let lab = try MediaLab()
        try await withHost(lab) { host in
            let clear = try picture(
                lab, "clear.png", width: 90, height: 90, color: "red", filter: "format=rgba,colorchannelmixer=aa=0")
            #expect(try middle(lab, try await host.shrink(clear, toSide: 64)).allSatisfy { $0 >= 250 })
            let small = try picture(lab, "small.png", width: 20, height: 10)
            let drawing = try await host.shrink(small, toSide: 1000)
            #expect(PictureHeader(drawing).map { [$0.width, $0.height] } == [20, 10])
            let line = try picture(lab, "line.png", width: 4000, height: 2)
            #expect(PictureHeader(try await host.shrink(line, toSide: 64)).map { [$0.width, $0.height] } == [64, 1])
        }
    }

    @Test("A bomb, a torso, HTML and noise are refused with a reason, and the next picture is drawn")
    func hostile() async throws {
        let lab = try MediaLab()
        let jpeg = try picture(lab, "good.jpg", width: 400, height: 300, filter: "noise=alls=60:all_seed=1")
        let png = try picture(lab, "good.png", width: 400, height: 300, filter: "noise=alls=60:all_seed=1")
        var bomb = png
        bomb.replaceSubrange(16..<24, with: [0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50])
        let bad: [(String, [UInt8], Failure.Reason)] = [
            ("a bomb of pixels", bomb, .unsupportedFormat),
            ("half a JPEG", Array(jpeg.prefix(jpeg.count / 2)), .corruptFile),
            ("half a PNG", Array(png.prefix(png.count / 2)), .corruptFile),
            ("HTML", Array("<html><body>404</body></html>".utf8), .unsupportedFormat),
            ("nothing", [], .unsupportedFormat),
            ("a JPEG in name only", [0xFF, 0xD8, 0xFF] + Array(repeating: 7, count: 5000), .unsupportedFormat),
        ]
        try await withHost(lab) { host in
            for (what, bytes, reason) in bad {
                let failure = await failureOf { try await host.examine(bytes) }
                #expect(failure?.reason == reason, "\(what): \(failure?.description ?? "it was taken")")
                #expect(failure?.message.contains(lab.root.display) != true, "the file in between is nobody's business")
            }
            let (first, second) = (try await host.examine(jpeg), try await host.examine(png))
            #expect(first.facts.width == 400 && second.facts.height == 300)
        }
    }

    @Test("Pictures with bytes changed at random are drawn or refused, and the host goes on")
    func broken() async throws {
        let lab = try MediaLab()
        var random = SplitMix64(seed: 20)
        try await withHost(lab) { host in
            for name in ["f.jpg", "f.png", "f.webp", "f.gif", "f.bmp"] {
                let good = try picture(lab, name, width: 120, height: 80, filter: "noise=alls=40:all_seed=2")
                for _ in 0..<40 {
                    var bytes = good
                    for _ in 0..<Int.random(in: 1...8, using: &random) {
                        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                            in: 0...255, using: &random)
                    }
                    let failure = await failureOf { try await host.shrink(bytes, toSide: 64) }
                    let fine: Set<Failure.Reason> = [.corruptFile, .unsupportedFormat, .parserMemory]
                    #expect(failure.map { fine.contains($0.reason) } ?? true, "\(name): \(String(describing: failure))")
                }
                #expect(try await host.examine(good).facts == PictureFacts(width: 120, height: 80))
            }
        }
    }
}
