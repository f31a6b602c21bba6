import Domain

/// The orders of albums, and the words for them. Those that are an account's own are called as those of tracks.
enum AlbumSort: String, CaseIterable {
    case name, artist, newest, year, random
    case recentlyPlayed = "recently_played"
    case mostPlayed = "most_played"
    case recentlyStarred = "recently_starred"
    case bestRated = "best_rated"

    static let years = 1...9999

    /// - Parameter years: As they were asked for; only `year` heeds them.
    func list(account: Int64, years: (first: Int?, last: Int?)) -> AlbumList {
        switch self {
        case .name: .byTitle
        case .artist: .byArtist
        case .newest: .newest
        case .random: .random
        case .year:
            .years(first: years.first ?? Self.years.lowerBound, last: years.last ?? Self.years.upperBound)
        case .recentlyPlayed: .recentlyPlayed(account: account)
        case .mostPlayed: .mostPlayed(account: account)
        case .recentlyStarred: .starred(account: account)
        case .bestRated: .bestRated(account: account)
        }
    }
}

/// The orders of tracks: an account's own, and chance.
enum TrackSort: RawRepresentable, CaseIterable {
    case personal(PersonalOrder)
    case random

    static var allCases: [TrackSort] { PersonalOrder.allCases.map(TrackSort.personal) + [.random] }

    init?(rawValue: String) {
        if rawValue == "random" {
            self = .random
        } else if let order = PersonalOrder(rawValue: rawValue) {
            self = .personal(order)
        } else {
            return nil
        }
    }

    var rawValue: String {
        switch self {
        case .personal(let order): order.rawValue
        case .random: "random"
        }
    }
}
