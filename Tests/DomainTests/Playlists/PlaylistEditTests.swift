import Domain
import Testing

@Suite struct PlaylistEditTests {
    @Test("Tracks are replaced, then taken out by their old positions, then added")
    func order() throws {
        #expect(try PlaylistEdit().applied(to: [1, 2]) == [1, 2] && PlaylistEdit().isEmpty)
        #expect(try PlaylistEdit(removed: [2, 0, 2], added: [9, 9]).applied(to: [1, 2, 3, 4]) == [2, 4, 9, 9])
        #expect(try PlaylistEdit(replacement: [7, 8], removed: [0], added: [1]).applied(to: [1]) == [8, 1])
        #expect(try PlaylistEdit(replacement: []).applied(to: [1]) == [])
    }

    @Test("Positions that are none and lists that are too long are refused")
    func limits() {
        #expect(throws: PlaylistEdit.Problem.noEntry(at: 2)) { try PlaylistEdit(removed: [0, 2]).applied(to: [1, 2]) }
        #expect(throws: PlaylistEdit.Problem.noEntry(at: -1)) { try PlaylistEdit(removed: [-1]).applied(to: [1]) }
        let full = Array(repeating: Int64(1), count: Playlist.maxEntries)
        #expect(throws: PlaylistEdit.Problem.tooMany(Playlist.maxEntries + 1)) {
            try PlaylistEdit(added: [1]).applied(to: full)
        }
    }

    @Test("A name is one line with something in it")
    func names() {
        for name in ["a", " a ", "🎵", String(repeating: "x", count: 256)] { #expect(Playlist.isName(name), "\(name)") }
        for name in ["", " ", "a\nb", "\u{7}", "a\0", String(repeating: "x", count: 257)] {
            #expect(!Playlist.isName(name), "\(name)")
        }
    }
}
