/// All stand-ins of one world: they share a catalogue, and a port on which they can be told what to do.
package struct Fleet: Sendable {
    package enum Name: String, Sendable, CaseIterable {
        case lastfm, listenbrainz
    }

    package struct Settings: Sendable {
        package var lastFM = LastFMSettings()
        package var listenBrainz = ListenBrainzSettings()

        package init() {}
    }

    package let settings: Settings
    package let servers: [StandInServer]
    package let control: StandInServer

    /// - Parameters:
    ///   - names: which are started.
    ///   - firstPort: the control port; the services follow in the order of `Name`, each on its own. 0 takes free ones.
    package init(
        _ names: Set<Name> = Set(Name.allCases), settings: Settings = Settings(), firstPort: Int = 0,
        searchPath: String, surroundings: Surroundings = .real
    ) async throws {
        self.settings = settings
        let store = CatalogueStore()
        let painter = CoverPainter(searchPath: searchPath)
        var servers: [StandInServer] = []
        for (index, name) in Name.allCases.enumerated() where names.contains(name) {
            let port = firstPort == 0 ? 0 : firstPort + index + 1
            switch name {
            case .lastfm:
                let service = LastFMService(
                    settings.lastFM, store: store, painter: painter, surroundings: surroundings)
                servers.append(try await StandInServer(service, port: port, surroundings: surroundings))
            case .listenbrainz:
                let service = ListenBrainzService(
                    settings.listenBrainz, store: store, surroundings: surroundings)
                servers.append(try await StandInServer(service, port: port, surroundings: surroundings))
            }
        }
        self.servers = servers
        control = try await StandInServer(ControlService(servers), port: firstPort, surroundings: surroundings)
    }

    package subscript(name: Name) -> StandInServer? { servers.first { $0.name == name.rawValue } }

    package func stop() async {
        for server in servers + [control] { await server.stop() }
    }

    /// Lines for the environment of `sillon up`, and what a user types in.
    package var environment: [String] {
        var lines: [String] = []
        if let server = self[.lastfm] {
            let settings = settings.lastFM
            lines += [
                "SILLON_LASTFM_URL=\(server.url)/2.0/", "SILLON_LASTFM_KEY=\(settings.firstKey)",
                "SILLON_LASTFM_SECRET=\(settings.secrets[settings.firstKey] ?? "")",
            ]
        }
        if let server = self[.listenbrainz] {
            lines += [
                "SILLON_LISTENBRAINZ_URL=\(server.url)",
                "# The ListenBrainz token of the user demo: \(settings.listenBrainz.firstToken)",
            ]
        }
        return lines
    }
}
