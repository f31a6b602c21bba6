import Domain
import Integrations
import UseCases

/// The services that are asked about music: those that somebody has set up.
enum MetadataSourceSet {
    static func make(_ outside: OutsideServices) -> [any MetadataSource] {
        [lastFM(outside), listenBrainz(outside), musicBrainz(outside), napster(outside)].compactMap(\.self)
    }

    /// As the database has to know them, also where none of them is asked.
    static func described(_ settings: Settings) -> [EnrichmentSource] {
        make(OutsideServices(settings: settings.services, models: [], gate: LocalServiceGate())).map {
            EnrichmentSource(source: $0.source, kinds: $0.kinds, language: $0.language)
        }
    }

    private static func lastFM(_ outside: OutsideServices) -> (any MetadataSource)? {
        let entry = outside.settings[.lastfm]
        guard let key = entry.key, let caller = outside.caller(.lastfm) else { return nil }
        return LastFM(caller: caller, key: key, secret: entry.secret, language: outside.settings.language)
    }

    private static func listenBrainz(_ outside: OutsideServices) -> (any MetadataSource)? {
        guard let key = outside.settings[.listenbrainz].key, let caller = outside.caller(.listenbrainz) else {
            return nil
        }
        var options = outside.options(.listenbrainz)
        options.isAddressNamed = outside.settings.labs != nil
        let labs = HTTPCaller(
            service: "ListenBrainz's data sets", address: outside.settings.labs ?? ListenBrainz.defaultLabs,
            options: options, clock: outside.clock, gate: outside.gate, network: outside.network)
        return ListenBrainz(caller: caller, labs: labs, token: key, clock: outside.clock)
    }

    /// It wants to know whom it can write to.
    private static func musicBrainz(_ outside: OutsideServices) -> MusicBrainz? {
        guard outside.settings.contact != nil || outside.settings[.musicbrainz].isNamed else { return nil }
        return outside.caller(.musicbrainz).map { MusicBrainz(caller: $0) }
    }

    static func napster(_ outside: OutsideServices) -> Napster? {
        let entry = outside.settings[.napster]
        guard let key = entry.key, let caller = outside.caller(.napster) else { return nil }
        return Napster(caller: caller, key: key, secret: entry.secret, clock: SystemClock.microseconds)
    }
}
