/// Pieces that several answers share.
extension LastFMReads {
    func artist(of recording: Catalogue.Recording) -> Node {
        // Last.fm knows one artist of a song: the whole credit, under the id of its first.
        Node(
            "artist",
            children: [
                Node("name", recording.artistText), Node("mbid", recording.credits.first?.artistID ?? ""),
                Node("url", "\(call.origin)/music/\(Parameters.encoded(recording.artistText))"),
            ])
    }

    func shortArtist(_ artist: Catalogue.Artist) -> Node {
        let images = LastFMImages.ofArtist(origin: call.origin)
        return Node("artist", children: [Node("name", artist.name), Node("url", url(of: artist))] + images)
    }

    func url(of artist: Catalogue.Artist) -> String { "\(call.origin)/music/\(Parameters.encoded(artist.name))" }

    func url(of recording: Catalogue.Recording) -> String {
        "\(call.origin)/music/\(Parameters.encoded(recording.artistText))/_/\(Parameters.encoded(recording.title))"
    }

    func url(of release: Catalogue.Release) -> String {
        "\(call.origin)/music/\(Parameters.encoded(release.artistText))/\(Parameters.encoded(release.title))"
    }

    func tagList(
        _ name: String, _ tags: [Catalogue.Tag], isCounted: Bool, _ attributes: [(name: String, value: JSON)] = []
    ) -> Node {
        let nodes = tags.map { tag in
            let count = isCounted ? [Node("count", number: .int(tag.count))] : []
            return Node(
                "tag", children: count + [Node("name", tag.name), Node("url", "\(call.origin)/tag/\(tag.name)")])
        }
        return Node(name, attributes, list: nodes, of: "tag")
    }

    func wiki(_ text: String) -> Node { Node("wiki", children: wikiTexts(text)) }

    func wikiTexts(_ text: String) -> [Node] {
        [
            Node("published", "14 Feb 2024, 09:26"),
            Node("summary", "\(text) <a href=\"\(call.origin)/music\">Read more on Last.fm</a>"),
            Node("content", "\(text) User-contributed text is available under the Creative Commons By-SA License."),
        ]
    }

    /// What the named user has to do with a song.
    func personal(_ title: LastFMState.Title) -> [Node] {
        guard let user = call.parameters.filled("username") else { return [] }
        let isLoved = state.loved[user, default: []].contains {
            Names.key($0.artist) == Names.key(title.artist) && Names.key($0.track) == Names.key(title.track)
        }
        return [
            Node("userplaycount", "\(state.plays(of: title, by: user))"), Node("userloved", isLoved ? "1" : "0"),
        ]
    }
}
