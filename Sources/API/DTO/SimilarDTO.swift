import Domain
import UseCases

extension Shape where Value == SimilarTrack {
    static let similar = Shape.object("SimilarTrack") {
        Field(
            "score", .number,
            "Cosine of the angle between the track and what was asked for (in a path: its first track), negative ones as 0. "
                + "1 is the same sound, 0 has nothing in common."
        ) { $0.score }
        Field(
            optional: "step", .number,
            "As score, to the track before it in a path or radio; null for the first, and in other lists."
        ) { $0.step }
        Field("why", .reason, "Why it is here.") { $0.why }
        Field("track", .track) { $0.track }
    }
}

extension Shape where Value == SimilarityReason {
    static let reason = Shape.object("SimilarityReason") {
        Field(
            optional: "distance", .shares,
            "What the distance behind score is made of; null when there is none, or the model cannot tell."
        ) { $0.shares }
        Field(optional: "rank", .count, "The place by score alone, from 1; null in paths and radios.") { $0.rank }
        Field(optional: "moved_by", .rule, "The rule that put it lower than its rank.") { $0.movedBy }
        Field("broken", Shape<SimilarityRule>.choice.list, "Rules that no other track could keep here.") { $0.broken }
    }
}

extension Shape where Value == SoundShares {
    static let shares = Shape.object("SoundShares") {
        Field("timbre", .number, "A part of the squared distance; the four add up to 1.") { $0.timbre }
        Field("rhythm", .number) { $0.rhythm }
        Field("tonality", .number) { $0.tonality }
        Field("loudness", .number, "Of its course: how loud a file is as a whole does not count.") { $0.loudness }
    }
}

extension Shape where Value == SimilarityRule {
    static let rule = Shape<SimilarityRule>.choice
}

extension Shape where Value == RadioStretch {
    static let radio = Shape.object("RadioPage") {
        Field("items", Shape<SimilarTrack>.similar.list, "In the order in which they are to be played.") { $0.items }
        Field("seed", .integer, "The number that this radio was made from.") { $0.seed }
        Field(
            optional: "next_cursor", .text,
            "Asks for what follows; a radio has no end. Null only when nothing may be played at all."
        ) { $0.next?.text }
    }
}

extension Shape where Value == TaskRecord {
    /// As far as somebody who waits for it needs it.
    static let awaited = Shape.object("AwaitedTask") {
        Field("id", .integer) { $0.id }
        Field("task", .text, "Its kind.") { $0.kind.rawValue }
        Field("state", .text) { $0.state.rawValue }
        Field(optional: "failure", .text, "How its last attempt failed.") { $0.lastFailure?.message }
    }
}
