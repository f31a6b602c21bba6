import Domain
import UseCases

/// `/library/tracks/{id}`: everything that is known of a track.
struct TrackPage: Sendable {
    let services: APIServices
    private let neighbours: SimilarBox

    init(services: APIServices) {
        self.services = services
        neighbours = SimilarBox(services: services)
    }

    var routes: [Route] {
        [
            .page(
                "/library/tracks/{id}", "trackPage", "Show everything that is known of a track", access: .user,
                parameters: [ParameterSpec(.id)], page)
        ]
    }

    private func page(_ request: APIRequest) async throws -> WebPage {
        let id = try request.require(.id)
        let track = try await services.marked([try await services.catalogue.track(id: id)], for: request)[0]
        let task = try await services.catalogue.task(ofTrack: id)
        let said = try await services.said(of: .track, id)
        let collect = try await CollectForm(services: services).html(request, .track, id)
        let similar = try await neighbours.html(of: track, request)
        return request.libraryPage(track.displayTitle, playing: track.state == .present ? track : nil) {
            HTML(.div, .named("head")) {
                Cover.html(track.coverHash, .large, alt: "Cover of \(track.metadata.album ?? track.displayTitle)")
                HTML(.div) { head(track) }
                HTML(.div, .named("more")) {
                    acts(track, request)
                    collect
                }
            }
            HTML(.div, .named("columns")) {
                HTML.box("What was heard") { HeardFacts(track: track).html }
                HTML.box("Tags") { TagFacts(track: track).html }
                HTML.box("File") { file(track) }
                HTML.box("Tasks") { tasks(track, task) }
            }
            similar
            OutsideBox.html(said)
        }
    }

    private func head(_ track: Track) -> HTML {
        let size: [String?] = [
            track.metadata.year.map(String.init), track.metadata.genres.first,
            Amount.length(milliseconds: track.knownLengthMs), plays(track.mark),
        ]
        return HTML(.h1) { HTML(.bdi) { track.displayTitle } }
            + HTML(.p) { artists(track) }
            + (track.metadata.album.map { album($0, track) } ?? HTML())
            + HTML.hint(size.compactMap { $0 }.joined(separator: " · "))
            + (track.state == .missing
                ? HTML(.p, .named("problem")) { "Its file was not there when the library was last looked through." }
                : HTML())
    }

    private func acts(_ track: Track, _ request: APIRequest) -> HTML {
        HTML(.div, .named("actions")) {
            Player.link(track)
            if track.hasVector {
                Player.radio(.track, track.id)
                HTML(.a, .href(LocalPath("/map").with("track", "\(track.id)")), .named("quiet")) { "Show on the map" }
            }
            MarkForm.html(request, .track(track.id), track.mark)
        }
    }

    private func plays(_ mark: Mark?) -> String? {
        guard let plays = mark?.plays, plays > 0 else { return nil }
        return "you heard it \(plays == 1 ? "once" : "\(Amount.count(plays)) times")"
    }

    /// Links where each name has its page; else the credit as it is written.
    private func artists(_ track: Track) -> HTML {
        guard track.metadata.artistCredit == nil, !track.credits.isEmpty else {
            return track.displayArtist.isEmpty
                ? HTML(text: "Nobody is named as its artist.") : HTML(.bdi) { track.displayArtist } + pages(track)
        }
        return track.credits.enumerated().reduce(HTML()) { html, item in
            html + HTML(text: item.offset == 0 ? "" : ", ") + HTML.link(item.element.name, .artist(item.element.id))
        }
    }

    /// A credit as in "A feat. B" is no place for links.
    private func pages(_ track: Track) -> HTML {
        track.credits.reduce(HTML()) { $0 + HTML(text: " · ") + HTML.link($1.name, .artist($1.id)) }
    }

    private func album(_ title: String, _ track: Track) -> HTML {
        HTML(.p) {
            "On "
            if let id = track.albumID { HTML.link(title, .album(id)) } else { HTML(.bdi) { title } }
        }
    }

    // MARK: File and tasks

    private func file(_ track: Track) -> HTML {
        let properties = track.properties
        var facts = Facts()
        facts.add("Path", HTML(.span, .named("path")) { track.path.display })
        facts.add(
            "Part",
            track.segment.map { "\($0.number) of \(String(decoding: track.path.lastComponent, as: UTF8.self))" })
        facts.add("Format", properties.codec)
        facts.add("Length", Amount.length(milliseconds: track.knownLengthMs))
        facts.add("Bit rate", properties.bitrateKbps.map { "\(Amount.count($0)) kbit/s" })
        facts.add("Sample rate", properties.sampleRate.map { "\(Amount.count($0)) Hz" })
        facts.add("Channels", properties.channels.map(String.init))
        facts.add("Bits a sample", properties.bitsPerSample.map(String.init))
        facts.add("Size", Amount.bytes(track.facts.size))
        facts.add("Added", HTML.time(track.addedAt))
        facts.add("Tags read", HTML.time(track.indexedAt))
        facts.add("Content", track.contentKey.map { key in HTML(.code) { String(key.prefix(16)) } })
        return facts.html
    }

    private func tasks(_ track: Track, _ task: TaskRecord?) -> HTML {
        guard let task else {
            return HTML(.p) {
                track.hasVector
                    ? "Nothing is left to do: it was read, heard and has its vector." : "No task waits for it."
            }
        }
        return HTML(.p) {
            HTML.task(task.id)
            " \(task.kind.rawValue) "
            HTML.state(of: task.state)
        }
            + (task.lastFailure == nil ? HTML() : HTML(.p) { HTML.failure(task.lastFailure) })
            + HTML.hint("Its page shows the way from the file's first task to this one, each attempt and each error.")
    }
}
