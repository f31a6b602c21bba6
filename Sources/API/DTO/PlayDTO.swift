import Domain

extension Shape where Value == Play {
    static let play = Shape.object("Play") {
        Field("id", .integer) { $0.id }
        Field("track_id", .integer) { $0.trackID }
        Field("started_at", .time) { $0.startedAt }
        Field(optional: "seconds_played", .number, "Null when nobody has said.") {
            $0.playedMs.map { Double($0) / 1000 }
        }
        Field(optional: "client", .text, "The player's name.") { $0.client }
        Field("finished", .flag, "False while it plays, or when its end was never told.") { $0.isFinished }
        Field("listen", .flag, "It counts: a track longer than 30 s, heard for half of it or for four minutes.") {
            $0.counts
        }
    }
}

/// A line of the history.
struct PlayedTrack: Sendable {
    let play: Play
    let track: Track
}

extension Shape where Value == PlayedTrack {
    static let playedTrack = Shape.object("PlayedTrack") {
        Field("play", .play) { $0.play }
        Field("track", .track) { $0.track }
    }
}
