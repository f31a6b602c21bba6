import Domain
import Foundation
import Testing
import UseCases

@testable import Files

/// Pictures beside the music, and drawings of covers on the disk.
struct PictureFilesTests {
    @Test("Fronts are found by their names in any case, the best first, and nothing else is")
    func sidecars() async throws {
        let scratch = try ScratchFolder()
        try scratch.folder("music/A")
        for name in [
            "Folder.JPG", "COVER.png", "cover.jpeg", "back.jpg", "cover.txt", "cover.jpg.exe", "AlbumArt.jpg",
            "cover.GIF", "front.bmp",
        ] {
            try scratch.file("music/A/\(name)", name)
        }
        try scratch.folder("music/A/front.png")
        let finder = SidecarPictures()
        let (root, folder) = (scratch("music"), scratch("music/A"))
        let found = try await finder.fronts(in: folder, beneath: root)
        #expect(
            found.map { String(decoding: $0.lastComponent, as: UTF8.self) } == [
                "cover.jpeg", "COVER.png", "cover.GIF", "Folder.JPG", "front.bmp",
            ])
        #expect(try await finder.read(found[0], beneath: root, bytesMax: 100) == Array("cover.jpeg".utf8))
        await #expect(throws: Failure.self) { try await finder.read(found[0], beneath: root, bytesMax: 5) }
        #expect(try await finder.fronts(in: scratch("music/gone"), beneath: root).isEmpty)
        await #expect(throws: Failure.self) {
            try await finder.fronts(in: scratch("away/A"), beneath: scratch("away"))
        }
    }

    @Test("A link leads to no picture outside the root")
    func link() async throws {
        let scratch = try ScratchFolder()
        try scratch.file("secret.jpg", "secret")
        try scratch.folder("music/A")
        let link = scratch("music/A/cover.jpg")
        try scratch.link("music/A/cover.jpg", to: scratch("secret.jpg").display)
        let finder = SidecarPictures()
        #expect(try await finder.fronts(in: scratch("music/A"), beneath: scratch("music")).isEmpty)
        await #expect(throws: Failure.self) {
            try await finder.read(link, beneath: scratch("music"), bytesMax: 100)
        }
    }

    @Test("Drawings are found again until there is no room, and then the one that was not used the longest goes")
    func cache() async throws {
        let scratch = try ScratchFolder()
        let cache = PictureCache(folder: scratch("covers").display, bytesMax: 1000)
        let hashes = (0..<4).map { String(repeating: "\($0)", count: 64) }
        for (place, hash) in hashes.enumerated() {
            await cache.keep(Array(repeating: UInt8(place), count: 300), of: hash, size: .tile)
            // Ages that no clock has to wait for.
            let path = scratch("covers/\(hash)-250.jpg").display
            guard FileManager.default.fileExists(atPath: path) else { continue }
            let date = Date(timeIntervalSinceNow: Double(place - 10) * 1000)
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
            if place == 2 { #expect(await cache.variant(of: hashes[0], size: .tile)?.first == 0, "used now") }
        }
        #expect(await cache.variant(of: hashes[1], size: .tile) == nil, "the oldest went")
        #expect(await cache.variant(of: hashes[0], size: .tile)?.count == 300)
        #expect(await cache.variant(of: hashes[3], size: .tile)?.count == 300)
        #expect(await cache.variant(of: hashes[3], size: .row) == nil)
        #expect(await cache.variant(of: "../../etc/passwd", size: .tile) == nil)
    }
}
