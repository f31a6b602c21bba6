import Crypto
import Domain

/// What one track contributes to artists, albums, genres and the text index: a pure function of its folder and tags,
/// so it can be taken back exactly when the track changes.
struct TrackDerivation: Equatable {
    var title: String?
    /// The credit as people read it.
    var artist: String?
    var artists: [ArtistCredit] = []
    var albumArtists: [ArtistCredit] = []
    var genres: [String] = []
    var album: AlbumMembership?
    var traits: TrackTraits = []

    /// More values than this in one tag are noise.
    static let maxValues = 64

    init(place: AlbumPlace, metadata: TrackMetadata) {
        title = NameKey.clean(metadata.title)
        artists = ArtistCredit.list(metadata.artists, ids: metadata.musicBrainz.artists, metadata.extra["artistsort"])
        albumArtists = ArtistCredit.list(
            metadata.albumArtists, ids: metadata.musicBrainz.albumArtists, metadata.extra["albumartistsort"])
        artist = NameKey.clean(metadata.artistCredit) ?? ArtistCredit.display(artists)
        genres = Self.genres(metadata.genres)
        traits = TrackTraits(metadata)
        album = AlbumMembership(place: place, metadata: metadata, artist: artist, albumArtists: albumArtists)
    }

    /// Each genre once, in the order of the tag.
    private static func genres(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.prefix(maxValues).compactMap(NameKey.clean).filter { seen.insert(NameKey.identity($0)).inserted }
    }
}

/// One artist of a track or of its album.
struct ArtistCredit: Equatable {
    /// The MusicBrainz id when it is known, else the folded name.
    let key: String
    let name: String
    let sortName: String?
    let musicBrainzID: String?

    /// Ids and sort names belong to names only when there are as many of them.
    static func list(_ names: [String], ids: [String], _ sortNames: [String]?) -> [ArtistCredit] {
        let names = names.prefix(TrackDerivation.maxValues)
        let hasIDs = ids.count == names.count
        let sortNames = sortNames.flatMap { $0.count == names.count ? $0 : nil }
        var credits: [ArtistCredit] = []
        for (offset, name) in names.enumerated() {
            guard let name = NameKey.clean(name) else { continue }
            let id = hasIDs ? DerivedKey.musicBrainzID(ids[offset]) : nil
            let key = id.map { "mb:" + $0 } ?? DerivedKey.bounded("n:" + NameKey.identity(name))
            guard !credits.contains(where: { $0.key == key }) else { continue }
            let sortName = NameKey.clean(sortNames?[offset])
            credits.append(ArtistCredit(key: key, name: name, sortName: sortName, musicBrainzID: id))
        }
        return credits
    }

    static func display(_ credits: [ArtistCredit]) -> String? {
        guard credits.count > 1 else { return credits.first?.name }
        return NameKey.cut(credits.map(\.name).joined(separator: ", "), toBytes: NameKey.maxNameBytes)
    }
}

/// The album that a track belongs to, and what the track says of it.
///
/// Tracks are of one album when they share the MusicBrainz release; else when title, album artist (or "compilation")
/// and folder are the same, where the folders `CD1`, `Disc 2` … of one folder count as that folder. The folder keeps
/// two "Greatest Hits" apart; without an album artist tag it alone holds an album of many artists together.
struct AlbumMembership: Equatable {
    let key: String
    /// Empty for a release whose file has no album title.
    let title: String
    let albumArtist: String?
    let trackArtist: String?
    let isCompilation: Bool
    let year: Int?
    let musicBrainzID: String?

    init?(place: AlbumPlace, metadata: TrackMetadata, artist: String?, albumArtists: [ArtistCredit]) {
        let title = NameKey.clean(metadata.album)
        musicBrainzID = metadata.musicBrainz.release.flatMap(DerivedKey.musicBrainzID)
        guard title != nil || musicBrainzID != nil else { return nil }
        self.title = title ?? ""
        albumArtist = ArtistCredit.display(albumArtists)
        trackArtist = artist
        isCompilation = metadata.isCompilation
        year = metadata.year
        if let musicBrainzID {
            key = "mb:" + musicBrainzID
        } else {
            let owner =
                albumArtists.isEmpty
                ? (isCompilation ? "various" : "") : albumArtists.map(\.key).joined(separator: "\u{1F}")
            key = DerivedKey.bounded("f:\(place.key):\(owner):\(NameKey.identity(self.title))")
        }
    }
}

enum DerivedKey {
    /// A MusicBrainz id in its canonical form, nil for anything else that stands in such a tag.
    static func musicBrainzID(_ text: String) -> String? {
        var text = text
        let isID = text.withUTF8 { utf8 in utf8.count == 36 && utf8.indices.allSatisfy { isOfID(utf8[$0], at: $0) } }
        guard isID else { return nil }
        // Nearly all are in lower case already, and no copy is made of them.
        let hasCapitals = text.utf8.contains { $0 < UInt8(ascii: "a") && $0 > UInt8(ascii: "9") }
        return hasCapitals ? text.lowercased() : text
    }

    private static func isOfID(_ byte: UInt8, at offset: Int) -> Bool {
        switch offset {
        case 8, 13, 18, 23: byte == UInt8(ascii: "-")
        default:
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                UInt8(ascii: "A")...UInt8(ascii: "F"):
                true
            default: false
            }
        }
    }

    static func bounded(_ key: String) -> String {
        guard key.utf8.count > NameKey.maxKeyBytes else { return key }
        return "h:" + Hex.encode(Array(SHA256.hash(data: Array(key.utf8)).prefix(20)))
    }
}

/// The folder that keeps albums of one title apart, as a short key.
struct AlbumPlace: Equatable {
    let key: String

    init(folder: FilePath) {
        key = Hex.encode(Array(SHA256.hash(data: DiscFolder.albumFolder(of: folder).bytes).prefix(8)))
    }
}

/// `Album/CD1`, `Album/Disc 2 - Live`: folders that hold one disc of the album above them.
enum DiscFolder {
    static func albumFolder(of folder: FilePath) -> FilePath {
        isDisc(folder.lastComponent) ? folder.parent : folder
    }

    /// A word for a disc, blanks or punctuation, one to three digits, then nothing or no further digit or letter.
    static func isDisc(_ name: [UInt8]) -> Bool {
        let lower = name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        guard let word = words.first(where: { lower.starts(with: $0) }) else { return false }
        let rest = lower[word.count...].drop { separators.contains($0) }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard (1...3).contains(digits.count) else { return false }
        guard let next = rest.dropFirst(digits.count).first else { return true }
        return next < 0x80 && !(0x61...0x7A).contains(next)
    }

    private static let words = ["disc", "disk", "cd", "dvd", "lp", "vinyl"].map { Array($0.utf8) }
    private static let separators = Set(" _-.#".utf8)
}
