import Domain
import UseCases

/// What plays the tracks of a page. Links to files are there without it; `player.js` makes a list of them.
enum Player {
    /// At the foot of a page. A script takes it over; until then it is what browsers have for sound.
    /// - Parameters:
    ///   - track: What plays without a script, too; nil where a list is.
    ///   - account: Whose queue it plays; nil where nobody's.
    static func html(_ track: Track? = nil, for account: Int64?) -> HTML {
        let attributes: [HTML.Attribute] = [
            .id("player"), .named("player"), .init(.ariaLabel, "Player"),
            .init(.dataAccount, account.map { "\($0)" } ?? ""),
        ]
        return HTML(.section, track == nil ? attributes + [.init(.hidden)] : attributes) { inside(track) }
    }

    private static func inside(_ track: Track?) -> HTML {
        HTML(
            .img, .id("art"), .named("art"), .init(.alt, ""), .init(.width, "48"), .init(.height, "48"), .init(.hidden))
            + HTML(.p, .named("now"), .init(.ariaLive, "polite")) {
                HTML(.a, .id("now"), .href(track.map { .track($0.id) } ?? .library)) { track?.nameWithArtist ?? "" }
                HTML(.span, .id("after"), .named("hint"))
            }
            + HTML(.div, .named("controls")) {
                button("previous", "Previous track")
                button("toggle", "Play")
                button("skip", "Next track")
                slider("seek", "Place in the track", max: "1", step: "1000")
                HTML(.span, .id("time"), .named("hint"), .init(.dataScript), .init(.hidden))
                slider("volume", "Volume", max: "1", step: "0.05")
                HTML(.a, .href(.queue), .named("hint"), .init(.dataScript), .init(.hidden)) { "Queue" }
                sound(track)
                HTML(.audio, .id("audio-next"), .init(.preload, "auto"))
            } + HTML(.p, .id("trouble"), .named("problem"), .init(.role, "alert"), .init(.hidden))
    }

    /// To the file of a track: a browser without scripts shows its own player. Nothing where the file is gone.
    /// - Parameter place: of the play queue, where the link is of one.
    static func link(_ track: Track, place: Int? = nil) -> HTML {
        guard track.state == .present else { return HTML(.span, .named("play none"), .init(.ariaHidden, "true")) }
        let (play, title) = (HTML.Attribute(.dataPlay, "\(track.id)"), HTML.Attribute(.dataTitle, track.nameWithArtist))
        let name = HTML(.span, .named("unseen")) { "Play \(track.displayTitle)" }
        guard let place else { return HTML(.a, .href(.stream(track.id)), .named("play"), play, title) { name } }
        return HTML(.a, .href(.stream(track.id)), .named("play"), play, title, .init(.dataPlace, "\(place)")) { name }
    }

    /// Plays everything on the page; without a script, the first of it.
    static func all(_ tracks: [Track]) -> HTML {
        guard let first = tracks.first(where: { $0.state == .present }) else { return HTML() }
        return HTML(.a, .href(.stream(first.id)), .id("play-all"), .named("button")) { "Play all" }
    }

    /// Takes a script: what is played follows from what was.
    static func radio(_ kind: MarkKind, _ id: Int64) -> HTML {
        HTML(
            .button, .init(.type, "button"), .id("radio"), .named("quiet"), .init(.dataRadio, "\(kind.rawValue):\(id)"),
            .init(.hidden)
        ) { "Play radio" }
    }

    private static func button(_ id: String, _ label: String) -> HTML {
        HTML(
            .button, .init(.type, "button"), .id(id), .named("quiet"), .init(.ariaLabel, label), .init(.dataScript),
            .init(.hidden))
    }

    private static func slider(_ id: String, _ label: String, max: String, step: String) -> HTML {
        HTML(
            .input, .init(.type, "range"), .id(id), .init(.min, "0"), .init(.max, max), .init(.step, step),
            .init(.value, "0"), .init(.ariaLabel, label), .init(.dataScript), .init(.hidden))
    }

    private static func sound(_ track: Track?) -> HTML {
        guard let track else { return HTML(.audio, .id("audio"), .init(.controls), .init(.preload, "none")) }
        return HTML(
            .audio, .id("audio"), .init(.controls), .init(.preload, "none"), .source(.stream(track.id)),
            .init(.ariaLabel, track.displayTitle))
    }
}

extension Track {
    var nameWithArtist: String { displayArtist.isEmpty ? displayTitle : "\(displayTitle) – \(displayArtist)" }
}
