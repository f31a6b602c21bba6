import Domain
import Integrations
import UseCases

/// Who is asked for fronts of albums, the best first.
enum ArtworkSources {
    /// Nobody, until it is known whom these services may write to, or their addresses were named: the names of albums
    /// leave the machine by somebody's choice only. Last.fm is asked where there is a key for it.
    static func make(_ services: OutsideServices, site: ServiceAddress) -> [any ArtworkSource] {
        let settings = services.settings
        var sources: [any ArtworkSource] = []
        if settings.contact != nil || settings[.coverart].isNamed, let archive = services.caller(.coverart) {
            let mayAsk = settings.contact != nil || settings[.musicbrainz].isNamed
            let releases = services.caller(.musicbrainz).map { MusicBrainz(caller: $0) }
            sources.append(CoverArtArchive(caller: archive, releases: mayAsk ? releases : nil))
        }
        if let key = settings[.lastfm].key, let caller = services.caller(.lastfm) {
            sources.append(
                LastFM(caller: caller, key: key, secret: settings[.lastfm].secret, site: site.url, language: nil))
        }
        return sources
    }
}
