import Demo
import Domain
import Foundation
import Glibc
import TestSupport

/// A library as fate and malice make it. Says what each of its files is worth.
struct HostileTree: Sendable {
    let tree: Tree
    /// Nobody may read these: they lie outside of the library.
    let outside: Tree
    /// Sound music under odd names, by what their titles must be.
    private(set) var good: [FilePath: String] = [:]
    /// Files that are no music, or are broken: each must end as a track or as a dead letter that names it.
    private(set) var doubtful: [FilePath] = []
    /// What a walk must leave alone.
    private(set) var untouchable: [FilePath] = []

    private let song: SongShelf.Song
    private let songs: [SongShelf.Song]

    init(_ lab: Lab) async throws {
        tree = Tree(lab.music)
        outside = Tree(lab.folder + "/outside")
        songs = try await SongShelf.songs()
        song = songs[0]
        try addNames()
        try addFolders()
        try addLinks()
        try addSpecialFiles()
        try addBrokenMusic()
        try addDisguises()
        try addKillers()
    }

    /// Every regular file with the extension of audio that a walk may see.
    var found: Int { good.count + doubtful.count }

    private mutating func addGood(bytes name: [UInt8]) throws {
        let title = "odd \(good.count)"
        good[try tree.write(bytes: name, song.tagged { $0.title = title })] = title
    }

    private mutating func addDoubtful(_ name: String, _ content: [UInt8]) throws {
        doubtful.append(try tree.write("doubtful/" + name, content))
    }

    private mutating func addNames() throws {
        for stem in HostileNames.stems { try addGood(bytes: Array("names/".utf8) + stem + Array(".mp3".utf8)) }
        try addGood(bytes: Array("names/LOUD.MP3".utf8))
    }

    private mutating func addFolders() throws {
        let folders: [[UInt8]] = [
            [0xFF, 0x0A, 0xFE], Array("new\nline".utf8), Array("caf\u{E9}".utf8), Array("cafe\u{301}".utf8),
            Array("folder.mp3".utf8), Array("a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z".utf8),
        ]
        for folder in folders { try addGood(bytes: Array("folders/".utf8) + folder + Array("/song.mp3".utf8)) }
    }

    private mutating func addLinks() throws {
        untouchable.append(try outside.write("secret.mp3", song.tagged { $0.title = "canary" }))
        untouchable.append(try outside.write("folder/secret.mp3", song.tagged { $0.title = "canary" }))
        try tree.link("links/loop", to: ".")
        try tree.link("links/up", to: "../..")
        try tree.link("links/self.mp3", to: "self.mp3")
        try tree.link("links/gone.mp3", to: "nowhere.mp3")
        try tree.link("links/secret.mp3", to: outside.path("secret.mp3").display)
        try tree.link("links/relative.mp3", to: "../../outside/secret.mp3")
        try tree.link("links/folder", to: outside.path("folder").display)
        try tree.link("links/root", to: "/")
        try tree.link("links/zero.mp3", to: "/dev/zero")
    }

    private func addSpecialFiles() throws {
        let pipe = tree.path("special/pipe.mp3")
        try tree.makeFolder(pipe.parent)
        try tree.check(pipe.withCPath { mkfifo($0, 0o644) } == 0, "mkfifo", pipe)
        let socket = tree.path("special/socket.mp3")
        let number = mode_t(S_IFSOCK) | 0o644
        try tree.check(socket.withCPath { mknod($0, number, 0) } == 0, "mknod", socket)
        try tree.makeFolder(tree.path("special/empty folder"))
    }

    private mutating func addBrokenMusic() throws {
        for song in songs {
            let whole = try song.tagged { $0.title = "broken" }
            let kind = song.format.fileExtension
            try addDoubtful("\(song.name).half.\(kind)", Array(whole.prefix(whole.count / 2)))
            try addDoubtful("\(song.name).head.\(kind)", Array(whole.prefix(100)))
            try addDoubtful("\(song.name).tail.\(kind)", Array(whole.suffix(whole.count / 2)))
            try addDoubtful("\(song.name).zeros.\(kind)", [UInt8](repeating: 0, count: 40_000))
            var random = SplitMix64(seed: 7)
            var damaged = whole
            for _ in 0..<200 {
                damaged[Int(random.next() % UInt64(damaged.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            try addDoubtful("\(song.name).damaged.\(kind)", damaged)
        }
        try addDoubtful("empty.mp3", [])
        try addDoubtful("empty.flac", [])
        let sparse = try tree.write("doubtful/sparse.mp3", [0xFF])
        try tree.check(sparse.withCPath { truncate($0, 3 << 30) } == 0, "truncate", sparse)
        doubtful.append(sparse)
    }

    /// Files that say they are music and are something else, some of which name other files.
    private mutating func addDisguises() throws {
        let secret = try outside.write("secret.wav", songs[6].audio)
        untouchable.append(secret)
        let list =
            "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:6\n#EXTINF:6.0,\n\(secret.display)\n#EXT-X-ENDLIST\n"
        for name in ["list.ogg", "list.mp3", "list.m4a", "list.flac", "list.wav"] {
            try addDoubtful(name, Array(list.utf8))
        }
        try addDoubtful("concat.mp3", Array("ffconcat version 1.0\nfile '\(secret.display)'\n".utf8))
        try addDoubtful("session.ogg", Array("v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n".utf8))
        try addDoubtful("page.m4a", Array("<html><body onload=alert(1)>".utf8))
        try addDoubtful("text.mp3", Array(String(repeating: "This is not music. ", count: 500).utf8))
        try addDoubtful("program.wav", Array("\u{7F}ELF".utf8) + [UInt8](repeating: 1, count: 4000))
        let picture = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D] + Array("IHDR".utf8)
        try addDoubtful("picture.mp3", picture + [0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 8, 6, 0, 0, 0, 1, 2, 3, 4])
        var random = SplitMix64(seed: 11)
        for kind in ["ape", "wma", "mpc", "dsf", "tta", "caf", "mka", "aac", "spx", "opus"] {
            try addDoubtful("noise.\(kind)", (0..<9000).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        }
        let flac = try songs[1].tagged { $0.title = "misnamed" }
        good[try tree.write("misnamed.mp3", flac)] = "misnamed"
    }

    /// Small files that make the tag library hang, crash and swell.
    private mutating func addKillers() throws {
        try addDoubtful("loop.wv", HostileFiles.wavPackLoop)
        try addDoubtful("chapters.mp3", HostileFiles.nestedChapters(depth: 50_000) + song.audio)
        try addDoubtful("atoms.m4a", HostileFiles.nestedAtoms(depth: 400_000))
        try addDoubtful("bomb.mp3", try HostileFiles.compressedTitle(expandedMiB: 600) + song.audio)
        try addDoubtful("liar.mp3", HostileFiles.lyingXing(song.audio))
    }
}
