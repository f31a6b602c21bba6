/// A record of the demo library as its tags describe it, ids included; the same seed gives the same ids.
package struct DemoRecord: Hashable, Sendable {
    package struct Artist: Hashable, Sendable {
        package let name: String
        package let id: String
    }

    package struct Song: Hashable, Sendable {
        package let title: String
        package let artists: [Artist]
        package let recordingID: String
        package let releaseTrackID: String
        package let spec: SongSpec
    }

    package let title: String
    package let artist: Artist
    /// `2019`, `2019-11` or `2019-11-03`.
    package let date: String
    package let genres: [String]
    package let isCompilation: Bool
    package let id: String
    package let coverSeed: UInt64
    package let songs: [Song]

    /// The id that MusicBrainz gives to the artist of compilations.
    package static let variousArtistsID = "89ad4ac3-39f7-470e-963a-56509c546377"

    /// All records, in the order of the catalogue.
    package static func all(seed: UInt64 = 1) -> [DemoRecord] {
        var random = SeededRandom(seed: seed)
        var artistIDs = ["Various Artists": variousArtistsID]
        return DemoCatalogue.albums.map { DemoRecord($0, &random, &artistIDs) }
    }

    private init(_ album: DemoAlbum, _ random: inout SeededRandom, _ artistIDs: inout [String: String]) {
        coverSeed = random.next()
        id = Self.identifier(&random)
        var songs: [Song] = []
        for piece in album.pieces {
            for artist in piece.artists + [album.artist] where artistIDs[artist] == nil {
                artistIDs[artist] = Self.identifier(&random)
            }
            songs.append(
                Song(
                    title: piece.title,
                    artists: piece.artists.map { Artist(name: $0, id: artistIDs[$0] ?? "") },
                    recordingID: Self.identifier(&random), releaseTrackID: Self.identifier(&random),
                    spec: Self.spec(of: piece, on: album, seed: random.next())))
        }
        self.songs = songs
        title = album.title
        artist = Artist(name: album.artist, id: artistIDs[album.artist] ?? "")
        date = album.date
        genres = album.genres
        isCompilation = album.isCompilation
    }

    private static func spec(of piece: DemoAlbum.Piece, on album: DemoAlbum, seed: UInt64) -> SongSpec {
        SongSpec(
            bpm: piece.bpm, key: piece.key, timbre: piece.timbre, drums: piece.drums, seconds: piece.seconds,
            peakDb: album.peakDb, seed: seed)
    }

    /// A UUID of version 4 from the seed.
    private static func identifier(_ random: inout SeededRandom) -> String {
        let (high, low) = (random.next(), random.next())
        var bytes: [UInt8] = []
        bytes.append(bigEndian: Int(truncatingIfNeeded: high), bytes: 8)
        bytes.append(bigEndian: Int(truncatingIfNeeded: low), bytes: 8)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let cuts = [0, 8, 12, 16, 20, 32].map { hex.index(hex.startIndex, offsetBy: $0) }
        return zip(cuts, cuts.dropFirst()).map { String(hex[$0..<$1]) }.joined(separator: "-")
    }
}
