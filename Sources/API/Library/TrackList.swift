import Domain

/// Tracks that can be heard, a line each.
struct TrackList {
    let tracks: [Track]
    /// What stands before a title.
    var number: (Track) -> Int? = { _ in nil }
    /// What is said below it.
    var about: (Track) -> [String] = { [$0.displayArtist, $0.metadata.album ?? ""] }
    /// More of it.
    var note: (Track) -> HTML? = { _ in nil }

    var html: HTML {
        HTML(.ol, .named("tracks")) {
            for track in tracks { HTML(.li) { line(track) } }
        }
    }

    private func line(_ track: Track) -> HTML {
        Player.link(track)
            + Self.what(track, about(track), number: number(track), note: note(track))
            + HTML(.span, .named("hint aside")) { aside(track) }
    }

    /// A track's name, with a way to its page, and what is said below.
    static func what(_ track: Track, _ about: [String], number: Int? = nil, note: HTML?) -> HTML {
        HTML(.div, .named("what")) {
            HTML(.a, .href(.track(track.id)), .named("title")) {
                if let number { HTML(.span, .named("hint")) { "\(number). " } }
                HTML(.bdi) { track.displayTitle }
            }
            HTML(.bdi, .named("artist")) { about.filter { !$0.isEmpty }.joined(separator: " · ") }
            if let note { HTML(.span, .named("hint")) { note } }
        }
    }

    private func aside(_ track: Track) -> String {
        let star = track.mark?.starredAt == nil ? nil : "★"
        let length = track.state == .missing ? "missing" : Amount.length(milliseconds: track.knownLengthMs)
        return [star, length].compactMap { $0 }.joined(separator: " ")
    }
}

extension Track {
    /// As decoded, or as the header says; nil when neither tells.
    var knownLengthMs: Int? { analysis?.durationMs ?? properties.durationMs }
}
