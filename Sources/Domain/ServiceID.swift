/// A service outside. The raw value is its name in settings, in the database and in the API.
package enum ServiceID: String, Codable, CaseIterable, Sendable {
    case ollama, openai, lastfm, listenbrainz, musicbrainz, coverart, slskd, napster

    package var title: String {
        switch self {
        case .ollama: "Ollama"
        case .openai: "the embedding service"
        case .lastfm: "Last.fm"
        case .listenbrainz: "ListenBrainz"
        case .musicbrainz: "MusicBrainz"
        case .coverart: "the Cover Art Archive"
        case .slskd: "slskd"
        case .napster: "Napster"
        }
    }
}
