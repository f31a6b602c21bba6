import Domain
import Foundation
import Testing
import UseCases

@testable import Files

/// From a service's folder into the library: found wherever the service says, moved whole, over nothing.
struct DownloadFolderTests {
    private let scratch: ScratchFolder
    private let shelf: DownloadFolder

    init() throws {
        scratch = try ScratchFolder()
        try scratch.folder("in")
        try scratch.folder("music")
        shelf = DownloadFolder(source: scratch("in"), root: scratch("music"))
    }

    private func offer(_ name: String, _ size: Int64) -> DownloadOffer {
        DownloadOffer(peer: "p", fileName: name, sizeBytes: size)
    }

    @Test("A file is found by its path, by its path in another container, and by the peer's name for it")
    func found() async throws {
        try scratch.folder("in/Album")
        try scratch.file("in/Album/01.flac", "12345")
        let offer = offer("@@x\\Music\\Album\\01.flac", 5)
        let place = scratch("in/Album/01.flac")
        #expect(try await shelf.finished(offer, at: place)?.path == place)
        #expect(try await shelf.finished(offer, at: FilePath("/downloads/Album/01.flac"))?.path == place)
        #expect(try await shelf.finished(offer, at: nil)?.path == place)
        #expect(try await shelf.finished(self.offer("Album\\01.flac", 6), at: place) == nil, "another size")
        #expect(try await shelf.finished(self.offer("..\\..\\etc\\passwd", 5), at: FilePath("/in/../../x")) == nil)
    }

    @Test("A link in the service's folder is not followed out of it")
    func link() async throws {
        try scratch.file("secret", "12345")
        try scratch.link("in/01.flac", to: scratch("secret").display)
        #expect(try await shelf.finished(offer("01.flac", 5), at: nil) == nil)
    }

    @Test("A file is moved to a free place, never over another one, and not twice")
    func moved() async throws {
        try scratch.file("in/a.flac", "12345")
        try scratch.folder("music/B")
        try scratch.file("music/B/a.flac", "other")
        let target = try await shelf.place(for: ["B", "a.flac"])
        #expect(target == scratch("music/B/a (2).flac"))
        let file = MediaFile(path: scratch("in/a.flac"), root: scratch("in"))
        let taken = scratch("music/B/a.flac")
        await #expect(throws: Failure.self) { try await shelf.move(file, to: taken) }
        #expect(try String(contentsOfFile: taken.display, encoding: .utf8) == "other")
        #expect(try await !shelf.holds(target, sizeBytes: 5))
        try await shelf.move(file, to: target)
        #expect(try await shelf.holds(target, sizeBytes: 5))
        #expect(!FileManager.default.fileExists(atPath: file.path.display))
        #expect(try FileManager.default.contentsOfDirectory(atPath: taken.parent.display).count == 2)
    }

    @Test("From another file system a file arrives whole, too", .enabled(if: OtherDisk.path != nil))
    func otherDisk() async throws {
        let other = FilePath(try #require(OtherDisk.path)).appending(Array("sillon-\(UUID().uuidString)".utf8))
        try FileManager.default.createDirectory(atPath: other.display, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: other.display) }  // in memory, gone with the machine
        let bytes = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let file = MediaFile(path: other.appending(Array("a.flac".utf8)), root: other)
        try bytes.write(to: URL(fileURLWithPath: file.path.display))
        let shelf = DownloadFolder(source: other, root: scratch("music"))
        let target = try await shelf.place(for: ["A", "a.flac"])
        try await shelf.move(file, to: target)
        #expect(try Data(contentsOf: URL(fileURLWithPath: target.display)) == bytes)
        #expect(!FileManager.default.fileExists(atPath: file.path.display))
        #expect(try FileManager.default.contentsOfDirectory(atPath: target.parent.display) == ["a.flac"])
    }

}

private enum OtherDisk {
    /// A file system that is not the one of temporary files.
    static var path: String? {
        var (here, there) = (stat(), stat())
        guard stat(NSTemporaryDirectory(), &here) == 0, stat("/dev/shm", &there) == 0 else { return nil }
        return here.st_dev == there.st_dev || access("/dev/shm", W_OK) != 0 ? nil : "/dev/shm"
    }
}
