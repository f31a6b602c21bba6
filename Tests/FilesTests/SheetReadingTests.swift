import Domain
import Foundation
import Testing
import UseCases

@testable import Files

@Suite struct SheetReadingTests {
    private static let sheet = """
        FILE "Album.wav" WAVE
        TRACK 01 AUDIO
        INDEX 01 00:00:00
        TRACK 02 AUDIO
        INDEX 01 02:00:00
        """

    private func walk(_ scratch: ScratchFolder) async throws -> (listing: FolderListing, problems: [WalkProblem]) {
        var listings: [FolderListing] = []
        var problems: [WalkProblem] = []
        try await DirectoryWalker().walk(scratch.path, within: scratch.path, isShallow: false) {
            listings.append($0)
        } problem: {
            problems.append($0)
        }
        return (try #require(listings.first), problems)
    }

    @Test("A walk tells how sheets cut the files beside them, and lists no sheet among the music")
    func cuts() async throws {
        let scratch = try ScratchFolder()
        for name in ["Album.flac", "Other.mp3"] { try scratch.file(name) }
        try scratch.file("ALBUM.CUE", Self.sheet)
        let (listing, problems) = try await walk(scratch)
        #expect(listing.files.map { String(decoding: $0.name, as: UTF8.self) } == ["Album.flac", "Other.mp3"])
        #expect(listing.cuts?.keys.map { String(decoding: $0, as: UTF8.self) } == ["Album.flac"])
        #expect(listing.cuts?[Array("Album.flac".utf8)]?.parts.map(\.beginUs) == [0, 120_000_000])
        #expect(problems.isEmpty)
    }

    @Test("A sheet that cannot be applied is told with its reason, and hides nothing")
    func refused() async throws {
        let scratch = try ScratchFolder()
        try scratch.file("Album.flac")
        try scratch.file("bad.cue", "FILE a.wav WAVE\nTRACK 1 AUDIO\n")
        try scratch.file("large.cue", String(repeating: " ", count: CueSheet.maxBytes + 1))
        try scratch.file("lost.cue", Self.sheet.replacing("Album", with: "Elsewhere"))
        try scratch.link("link.cue", to: "/etc/passwd")
        #expect(mkfifo(scratch.path.display + "/pipe.cue", 0o600) == 0)
        let (listing, problems) = try await walk(scratch)
        #expect(listing.files.count == 1 && listing.cuts == [:])
        let messages = problems.compactMap(\.message)
        #expect(messages.count == 3, "\(messages)")
        for part in [
            "bad.cue\" was not applied: track 1 has no INDEX 01", "large.cue\" was not applied: it has more than",
        ] {
            #expect(messages.contains { $0.contains(part) }, "\(part)")
        }
        #expect(messages.contains { $0.contains("lost.cue\" was not applied: there is no file \"Elsewhere.wav\"") })
    }
}
