/// What an account thinks of a track, an album or an artist, and how often it has heard a track.
package struct Mark: Hashable, Sendable {
    /// Microseconds since the epoch; nil without a star.
    package var starredAt: Int64?
    /// 1...5; nil without one.
    package var rating: Int?
    /// Listens; of tracks, and of albums where somebody counts them (`Heard`).
    package var plays: Int
    /// When the last of them began, microseconds since the epoch.
    package var lastPlayedAt: Int64?

    package init(starredAt: Int64? = nil, rating: Int? = nil, plays: Int = 0, lastPlayedAt: Int64? = nil) {
        self.starredAt = starredAt
        self.rating = rating
        self.plays = plays
        self.lastPlayedAt = lastPlayedAt
    }

    package static let none = Mark()
    package static let ratings = 1...5
}

/// How often an account has heard the tracks of something.
package struct Heard: Hashable, Sendable {
    /// Listens, of all its tracks together.
    package var plays: Int
    /// When the last of them began, microseconds since the epoch.
    package var lastPlayedAt: Int64?

    package init(plays: Int, lastPlayedAt: Int64?) {
        self.plays = plays
        self.lastPlayedAt = lastPlayedAt
    }

    package static let never = Heard(plays: 0, lastPlayedAt: nil)
}

/// What a mark is put on.
package enum MarkSubject: Hashable, Sendable {
    case track(Int64), album(Int64), artist(Int64)

    package var kind: MarkKind {
        switch self {
        case .track: .track
        case .album: .album
        case .artist: .artist
        }
    }

    package var id: Int64 {
        switch self {
        case .track(let id), .album(let id), .artist(let id): id
        }
    }
}

package enum MarkKind: String, CaseIterable, Sendable {
    case track, album, artist
}
