import Domain

/// An error code of Last.fm (last.fm/api/errorcodes), as far as it matters which one it is.
enum LastFMProblem: Error, Hashable {
    /// 6: there is no such thing, or a parameter is wrong.
    case absent(String)
    case failure(Failure)

    /// Requests to an address that asked too often are worth nothing for a while.
    private static let rateLimitSeconds: Double = 60

    init(code: Int, message: String, retryAfterSeconds: Double?) {
        let words = "Last.fm answered error \(code): \(message)"
        switch code {
        case 6: self = .absent(words)
        case 4, 9, 14, 15: self = .failure(Failure(.signInAgain, words))
        case 8: self = .failure(Failure(.serviceError, words, retryAfterSeconds: retryAfterSeconds))
        case 11, 16: self = .failure(Failure(.serviceUnavailable, words, retryAfterSeconds: retryAfterSeconds))
        case 29:
            let seconds = max(Self.rateLimitSeconds, retryAfterSeconds ?? 0)
            self = .failure(Failure(.serviceUnavailable, words, retryAfterSeconds: seconds))
        case 10, 13, 26:
            self = .failure(.blocked("\(words); check SILLON_LASTFM_KEY and SILLON_LASTFM_SECRET"))
        default: self = .failure(Failure(.serviceRefused, words))
        }
    }

    var failure: Failure {
        switch self {
        case .absent(let words): Failure(.serviceRefused, words)
        case .failure(let failure): failure
        }
    }
}
