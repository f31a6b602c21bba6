import Contracts
import TestSupport

/// The small library that most tests begin with: eight songs in their folder, a server, everything heard.
struct Library: Sendable {
    let lab: Lab
    let tree: Tree
    let songs: [SongShelf.Song]

    init(_ engine: Engine = .sqlite) async throws {
        try await self.init(try Lab(engine))
    }

    init(_ lab: Lab) async throws {
        self.lab = lab
        tree = Tree(lab.music)
        songs = try await SongShelf.songs()
        for song in songs { try tree.write("Shelf/" + song.fileName, song.tagged()) }
    }

    /// Starts `sillon up` on it and waits until every file has its vector.
    func served(_ arguments: [String] = [], environment: [String: String] = [:]) async throws -> ServerProcess {
        let server = try await ServerProcess.start(
            lab, .up, music: [lab.music], arguments: arguments, environment: environment)
        try await server.api.allScansEnded()
        return server
    }

    func song(_ name: String) throws -> SongShelf.Song {
        guard let song = songs.first(where: { $0.name == name }) else {
            throw Client.Unexpected(description: "there is no song \(name)")
        }
        return song
    }
}
