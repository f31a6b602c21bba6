/// What a task does. The raw value is its name in envelopes, in the database and in the API.
package enum TaskKind: String, Codable, CaseIterable, Sendable {
    case scanLibrary = "scan_library"
    case indexFile = "index_file"
    case analyzeAudio = "analyze_audio"
    case vectorizeTrack = "vectorize_track"
    /// A vector by a model that works on words. A kind of its own, so that only workers that have such models take it,
    /// and a slow service holds up no other vector.
    case vectorizeText = "vectorize_text"
    /// Finds the plane on which the picture of the library is drawn.
    case projectMap = "project_map"
    /// Tells a service outside what an account has listened to.
    case submitListens = "submit_listens"
    /// A front for an album whose files hold none.
    case downloadArtwork = "download_artwork"
    /// A piece of music from those who share it.
    case downloadTrack = "download_track"
    /// Ask services outside what they know of it.
    case enrichTrack = "enrich_track"
    case enrichAlbum = "enrich_album"
    case enrichArtist = "enrich_artist"
    /// Tells a webhook of an event.
    case deliverWebhook = "deliver_webhook"
    /// Does nothing: measures the queue and shows that a worker is alive.
    case noop

    package var role: Role {
        switch self {
        case .scanLibrary, .indexFile, .noop: .indexer
        case .analyzeAudio: .audio
        case .vectorizeTrack, .vectorizeText, .projectMap: .vector
        case .submitListens, .downloadArtwork, .downloadTrack, .enrichTrack, .enrichAlbum, .enrichArtist,
            .deliverWebhook:
            .downloader
        }
    }

    /// What follows in the chain of a file: from its tags to its sound, from its sound to its vector.
    package var next: TaskKind? {
        switch self {
        case .indexFile: .analyzeAudio
        case .analyzeAudio: .vectorizeTrack
        default: nil
        }
    }

    /// Takes a core for long: less of it is done while somebody listens, on a hot device, or outside of its hours.
    package var isHeavy: Bool { self == .analyzeAudio }

    /// The newest payload version this build understands.
    package var currentVersion: Int { 1 }

    /// How long a living worker may hold a task before the reaper calls it lost, in seconds. A guard against a handler
    /// that never ends; the media host has its own, much shorter limits. Files are leased by the batch, so the time of
    /// one covers a whole batch of files that each use up their limit.
    package var deadlineSeconds: Int {
        switch self {
        case .scanLibrary: 24 * 3600
        case .indexFile, .noop: 3 * 3600
        case .analyzeAudio: 1800
        case .vectorizeTrack, .projectMap, .deliverWebhook: 300
        // A model may have to be loaded first.
        case .vectorizeText: 1800
        case .submitListens: 1800
        // Several services one after the other, each with limits of its own.
        case .downloadArtwork: 1800
        // Others may be in front of us in a peer's queue.
        case .downloadTrack: 24 * 3600
        // Several services, each with several requests, and a quota before each of them.
        case .enrichTrack, .enrichAlbum, .enrichArtist: 900
        }
    }

    /// What it cannot be done without: one of these is enough. None means that it needs no service.
    package var services: [ServiceID] {
        switch self {
        case .vectorizeText: [.ollama, .openai]
        case .submitListens: [.lastfm, .listenbrainz]
        case .downloadTrack: [.slskd]
        case .enrichTrack: [.lastfm, .listenbrainz, .musicbrainz, .napster]
        case .enrichAlbum: [.lastfm, .musicbrainz, .napster]
        case .enrichArtist: [.lastfm, .listenbrainz, .musicbrainz, .napster]
        // A picture may also lie beside the music.
        case .scanLibrary, .indexFile, .analyzeAudio, .vectorizeTrack, .projectMap, .downloadArtwork,
            .deliverWebhook, .noop:
            []
        }
    }

    package var retryPolicy: RetryPolicy {
        switch self {
        case .deliverWebhook: .webhook
        case .vectorizeText, .submitListens, .downloadArtwork, .downloadTrack, .enrichTrack, .enrichAlbum,
            .enrichArtist:
            .network
        case .scanLibrary, .indexFile, .analyzeAudio, .vectorizeTrack, .projectMap, .noop: .compute
        }
    }

    /// True for what only a worker beside the database is given: secrets of accounts do not travel.
    package var needsVault: Bool { self == .submitListens || self == .deliverWebhook }
}
