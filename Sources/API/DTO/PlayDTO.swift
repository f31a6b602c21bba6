import Domain
import UseCases

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

extension Shape where Value == PlayingNow.Entry {
    static let playingNow = Shape.object("NowPlaying") {
        Field("account_name", .text, "Who plays.") { $0.account.name }
        Field(optional: "client", .text, "The player's name.") { $0.client.isEmpty ? nil : $0.client }
        Field("started_at", .time) { $0.startedAt }
        Field(
            optional: "progress", .playbackProgress, "Null for a player that tells only of beginnings and ends."
        ) { $0.progress }
        Field("track", .track) { $0.track }
    }
}

extension Shape where Value == PlayingNow.Progress {
    static let playbackProgress = Shape.object("PlaybackProgress") {
        Field("state", .choice) { $0.state }
        Field("position_ms", .integer, "Where it is now, as far as the last report tells.") { $0.positionMs }
        Field("rate", .number, "How fast it plays; 1 is as recorded.") { $0.rate }
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
