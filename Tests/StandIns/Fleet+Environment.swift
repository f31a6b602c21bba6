import Foundation

extension Fleet {
    /// Lines for the environment of `sillon up`, and what a user types in.
    package var environment: [String] { Name.allCases.flatMap { self[$0] == nil ? [] : lines(of: $0) } }

    private func lines(of name: Name) -> [String] {
        let url = self[name]?.url ?? ""
        switch name {
        case .lastfm:
            let key = settings.lastFM.firstKey
            return [
                "SILLON_LASTFM_URL=\(url)/2.0", "SILLON_LASTFM_KEY=\(key)",
                "SILLON_LASTFM_SECRET=\(settings.lastFM.secrets[key] ?? "")",
                "SILLON_LASTFM_SITE_URL=\(url)", "# Its user is demo, the password furrow.",
            ]
        case .listenbrainz:
            let token = settings.listenBrainz.firstToken
            return [
                "SILLON_LISTENBRAINZ_URL=\(url)/1", "SILLON_LISTENBRAINZ_LABS_URL=\(url)",
                "SILLON_LISTENBRAINZ_KEY=\(token)", "# That is the token of its user demo, too.",
            ]
        case .musicbrainz:
            // Who does not say whom it can write to is refused, as by the real one.
            return ["SILLON_MUSICBRAINZ_URL=\(url)/ws/2", "SILLON_CONTACT=demo@example.org"]
        case .coverart:
            // Pictures lie on another host, to which only this one is redirected.
            let archive = servers.first { $0.name == ArchiveService.name }?.port ?? 0
            return ["SILLON_COVERART_URL=\(url)", "SILLON_COVERART_HOSTS=127.0.0.1:\(archive)"]
        case .napster:
            let key = settings.napster.firstKey
            return [
                "SILLON_NAPSTER_URL=\(url)", "SILLON_NAPSTER_KEY=\(key)",
                "SILLON_NAPSTER_SECRET=\(settings.napster.secrets[key] ?? "")",
            ]
        case .slskd:
            return [
                "SILLON_SLSKD_URL=\(url)", "SILLON_SLSKD_KEY=\(settings.slskd.apiKey)",
                "# To fetch into a library, name the folder of finished files and one of the library, both:",
                "# SILLON_SLSKD_DOWNLOADS=\(settings.slskd.downloads.path)", "# SILLON_DOWNLOAD_ROOT=...",
                "# What can be found: the songs of Winter Wheat, Terminus, Pendules, Allotment and others.",
            ]
        }
    }
}
