/// What sounds are asked for, or asked to be away from.
package enum SimilaritySeed: Hashable, Sendable {
    case track(Int64)
    /// The mean of the album's tracks.
    case album(Int64)
    /// The mean of the artist's tracks.
    case artist(Int64)
}

extension SimilaritySeed: CustomStringConvertible {
    package var description: String {
        switch self {
        case .track(let id): "track \(id)"
        case .album(let id): "album \(id)"
        case .artist(let id): "artist \(id)"
        }
    }
}
