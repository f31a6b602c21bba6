import Domain

/// The library as people read it.
package protocol Catalogue: Sendable {
    func track(id: Int64) async throws -> Track
    /// By id; `scope` narrows to an album or artist.
    func tracks(_ filter: TrackFilter, page: PageRequest) async throws -> Page<Track>
    /// In the order of `ids`; unknown ids are left out.
    func tracks(ids: [Int64]) async throws -> [Track]
    /// By title; only those that the account `starredBy` has starred, unless that is nil.
    func albums(artistID: Int64?, starredBy: Int64?, page: PageRequest) async throws -> Page<Album>
    /// The one that came last is the first; `starredBy` as in `albums`. Their gain is not looked up.
    func newestAlbums(starredBy: Int64?, page: PageRequest) async throws -> Page<Album>
    func album(id: Int64) async throws -> Album
    /// By name, from `start` on unless a cursor says where; `starredBy` as for albums.
    func artists(starredBy: Int64?, from start: String?, _ page: PageRequest) async throws -> Page<Artist>
    func artist(id: Int64) async throws -> Artist
    /// By name.
    func genres(_ page: PageRequest) async throws -> Page<Genre>
    func cover(hash: String) async throws -> CoverImage
    /// Best match first. Every word must match the start of a word in title, artist, album or genre; accents and
    /// case do not count, and no character has a special meaning.
    func search(_ text: String, limit: Int) async throws -> [Track]
    /// Those whose names hold all the words, best match first; up to `limit` of either. Their gain is not looked up.
    func searchNames(_ text: String, limit: Int) async throws -> NamesFound
    /// Who is called so, as artists are told apart: case and width do not count, accents do. Nil for one that nobody here has.
    func artist(named name: String) async throws -> Artist?
    func totals() async throws -> LibraryTotals

    /// The last change that tells of a vector or of what is known of its track; 0 before the first.
    func lastVectorChange() async throws -> Int64
    /// All vectors of the model, in no order: quicker than change by change. Answers the last change that they hold.
    func allVectors(model: String, _ take: @Sendable @escaping (Int64, [Float]) -> Void) async throws -> Int64
    /// As `allVectors`: what is known of all tracks of which there are changes. Nothing comes before its track.
    func allFacts(_ take: @Sendable @escaping (FactsPart) -> Void) async throws -> Int64
    /// Vector changes after `sequence`, oldest first, at most `limit`. A nil vector takes the track out.
    func vectorChanges(model: String, after sequence: Int64, limit: Int) async throws -> [VectorChange]
    /// As `vectorChanges`, from the same log: what the tracks of these changes are now. Nil facts take the track out.
    func factsChanges(after sequence: Int64, limit: Int) async throws -> [FactsChange]
    /// In the order of the names, which are folded as tags are; nil for a genre that is not known.
    func genreIDs(named names: [String]) async throws -> [Int64?]
    /// The task that is to listen to the track, or to make its vector: alive or dead; nil when there is none.
    func task(ofTrack id: Int64) async throws -> TaskRecord?
}

extension Catalogue {
    package func albums(artistID: Int64?, page: PageRequest) async throws -> Page<Album> {
        try await albums(artistID: artistID, starredBy: nil, page: page)
    }

    package func artists(starredBy: Int64?, _ page: PageRequest) async throws -> Page<Artist> {
        try await artists(starredBy: starredBy, from: nil, page)
    }

    package func artists(_ page: PageRequest) async throws -> Page<Artist> {
        try await artists(starredBy: nil, page)
    }
}

/// Whose names hold what was searched for, the best match first.
package struct NamesFound: Hashable, Sendable {
    package var albums: [Album] = []
    package var artists: [Artist] = []

    package init(albums: [Album] = [], artists: [Artist] = []) {
        self.albums = albums
        self.artists = artists
    }
}

/// A piece of the facts of one track.
package enum FactsPart: Hashable, Sendable {
    /// Without artists and genres.
    case track(Int64, TrackFacts)
    case artists(Int64, ofTrack: [Int64], ofAlbum: [Int64])
    case genres(Int64, [Int64])
}

package struct FactsChange: Hashable, Sendable {
    package var sequence: Int64
    package var trackID: Int64
    package var facts: TrackFacts?

    package init(sequence: Int64, trackID: Int64, facts: TrackFacts?) {
        self.sequence = sequence
        self.trackID = trackID
        self.facts = facts
    }
}

package struct TrackFilter: Hashable, Sendable {
    package var albumID: Int64?
    package var artistID: Int64?
    package var state: Track.State?
    /// One file, by its exact path.
    package var path: FilePath?
    /// Only tracks that this account has starred.
    package var starredBy: Int64?
    /// Only tracks that are on no album.
    package var isOnNoAlbum: Bool
    /// By its name as people write it.
    package var genre: String?
    package var firstYear: Int?
    package var lastYear: Int?
    /// Only tracks in this library root; `notFound` is thrown for one that there is not.
    package var rootID: Int64?

    package init(
        albumID: Int64? = nil, artistID: Int64? = nil, state: Track.State? = nil, path: FilePath? = nil,
        starredBy: Int64? = nil, isOnNoAlbum: Bool = false, genre: String? = nil, firstYear: Int? = nil,
        lastYear: Int? = nil, rootID: Int64? = nil
    ) {
        self.albumID = albumID
        self.artistID = artistID
        self.state = state
        self.path = path
        self.starredBy = starredBy
        self.isOnNoAlbum = isOnNoAlbum
        self.genre = genre
        self.firstYear = firstYear
        self.lastYear = lastYear
        self.rootID = rootID
    }
}

package struct VectorChange: Hashable, Sendable {
    package var sequence: Int64
    package var trackID: Int64
    package var vector: [Float]?

    package init(sequence: Int64, trackID: Int64, vector: [Float]?) {
        self.sequence = sequence
        self.trackID = trackID
        self.vector = vector
    }
}

package struct LibraryTotals: Hashable, Sendable {
    package var tracks = 0
    package var missing = 0
    package var albums = 0
    package var artists = 0
    package var analyzed = 0
    package var vectorized = 0
    package var covers = 0
    /// Analyses by an older version of the analyser.
    package var stale = 0
    /// Files that were refused, each with its reason.
    package var rejected = 0
    /// Vectors that were found by content instead of being computed, since the database was made.
    package var cacheHits = 0

    package init() {}
}
