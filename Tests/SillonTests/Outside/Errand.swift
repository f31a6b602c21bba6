import Domain
import StandIns
import Testing

/// A task that needs one service, and how its adapter asks.
enum Errand: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case lastFMFacts, lastFMListens, listenBrainzFacts, listenBrainzListens, musicBrainzFacts, napsterFacts
    case coverArt, slskdDownload

    var testDescription: String { rawValue }

    var service: ServiceID {
        switch self {
        case .lastFMFacts, .lastFMListens: .lastfm
        case .listenBrainzFacts, .listenBrainzListens: .listenbrainz
        case .musicBrainzFacts: .musicbrainz
        case .napsterFacts: .napster
        case .coverArt: .coverart
        case .slskdDownload: .slskd
        }
    }

    var kind: TaskKind {
        switch self {
        case .lastFMFacts: .enrichArtist
        case .listenBrainzFacts, .napsterFacts: .enrichTrack
        case .musicBrainzFacts: .enrichAlbum
        case .lastFMListens, .listenBrainzListens: .submitListens
        case .coverArt: .downloadArtwork
        case .slskdDownload: .downloadTrack
        }
    }

    /// An outbox is never a dead letter: no attempt is charged, whatever happens.
    var isOutbox: Bool { kind == .submitListens }

    /// What must not happen twice is asked once in a call.
    var isAskedTwice: Bool { !isOutbox && self != .slskdDownload }

    /// These services lead elsewhere when all is well.
    var followsRedirects: Bool { [.musicbrainz, .coverart].contains(service) }

    /// Those that strangers run close after three failures, those at home after five.
    var isEverybodys: Bool { service != .slskd }
}

/// What a service does to those who ask it.
enum Trouble: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case silence, busyForASecond, busyForAnHour, status500, halfABody, html, endless
    case redirectToLoopback, redirectToMetadata, nameLeadsInside, dead

    var testDescription: String { rawValue }

    /// - Parameter inner: where nobody may be sent.
    func fault(inner: String) -> Fault? {
        switch self {
        case .silence: Fault(.silence)
        case .busyForASecond: .status(429, retryAfter: "1")
        case .busyForAnHour: .status(429, retryAfter: "3600")
        case .status500: .status(500)
        case .halfABody: Fault(.half)
        case .html: Fault(.html)
        case .endless: Fault(.endless)
        case .redirectToLoopback: .redirect(to: inner + "/")
        case .redirectToMetadata: .redirect(to: "http://169.254.169.254/latest/meta-data/")
        case .nameLeadsInside, .dead: nil
        }
    }

    var isOfNetwork: Bool { self == .nameLeadsInside || self == .dead }
}
