import Foundation

/// All stand-ins of one world: they share a catalogue, and a port on which they can be told what to do.
package struct Fleet: Sendable {
    package enum Name: String, Sendable, CaseIterable {
        case lastfm, listenbrainz, musicbrainz, coverart, napster, slskd
    }

    package struct Settings: Sendable {
        package var lastFM = LastFMSettings()
        package var listenBrainz = ListenBrainzSettings()
        package var musicBrainz = MusicBrainzSettings()
        package var napster = NapsterSettings()
        package var slskd: SlskdSettings
        package var peers = SoulseekPeer.demo

        /// - Parameter downloads: where slskd puts what it has fetched.
        package init(downloads: URL) { slskd = SlskdSettings(downloads: downloads) }
    }

    package let settings: Settings
    package let servers: [StandInServer]
    package let control: StandInServer
    /// The music that all of them know.
    package let catalogue: CatalogueStore
    private let shelf: SoulseekShelf

    /// - Parameters:
    ///   - names: which are started.
    ///   - firstPort: the control port; the services follow in the order of `Name`, each on its own. 0 takes free ones.
    ///   - searchPath: where ffmpeg is looked for, as in PATH.
    package init(
        _ names: Set<Name> = Set(Name.allCases), settings: Settings, firstPort: Int = 0, searchPath: String,
        surroundings: Surroundings = .real
    ) async throws {
        self.settings = settings
        let store = CatalogueStore()
        catalogue = store
        let painter = CoverPainter(searchPath: searchPath)
        let made = FileManager.default.temporaryDirectory.appending(path: "stand-in-shelf-\(UUID().uuidString)")
        shelf = SoulseekShelf(folder: made, searchPath: searchPath)
        var servers: [StandInServer] = []
        /// Starts a service on the port of this place.
        func start(_ service: some StandInService, place: Int) async throws -> StandInServer {
            let port = firstPort == 0 ? 0 : firstPort + place
            let server = try await StandInServer(service, port: port, surroundings: surroundings)
            servers.append(server)
            return server
        }
        for (index, name) in Name.allCases.enumerated() where names.contains(name) {
            switch name {
            case .lastfm:
                let service = LastFMService(
                    settings.lastFM, store: store, painter: painter, surroundings: surroundings)
                _ = try await start(service, place: index + 1)
            case .listenbrainz:
                let service = ListenBrainzService(
                    settings.listenBrainz, store: store, surroundings: surroundings)
                _ = try await start(service, place: index + 1)
            case .musicbrainz:
                let service = MusicBrainzService(settings.musicBrainz, store: store, surroundings: surroundings)
                _ = try await start(service, place: index + 1)
            case .coverart:
                let hosts = CoverArtHosts()
                let front = try await start(CoverArtService(store: store, hosts: hosts), place: index + 1)
                let archive = try await start(
                    ArchiveService(store: store, hosts: hosts, painter: painter), place: Name.allCases.count + 1)
                hosts.set(front: front.url, archive: archive.url)
            case .napster:
                let service = NapsterService(
                    settings.napster, store: store, painter: painter, surroundings: surroundings)
                _ = try await start(service, place: index + 1)
            case .slskd:
                let service = SlskdService(
                    settings.slskd, peers: settings.peers, shelf: shelf, surroundings: surroundings)
                _ = try await start(service, place: index + 1)
            }
        }
        self.servers = servers
        control = try await StandInServer(ControlService(servers), port: firstPort, surroundings: surroundings)
    }

    package subscript(name: Name) -> StandInServer? { servers.first { $0.name == name.rawValue } }

    /// What a service knows, for tests that look inside: `fleet.service(LastFMService.self)?.scrobbles`.
    package func service<Service: StandInService>(_ type: Service.Type) -> Service? {
        servers.compactMap { $0.service as? Service }.first
    }

    package func stop() async {
        for server in servers + [control] { await server.stop() }
        shelf.close()
    }
}
