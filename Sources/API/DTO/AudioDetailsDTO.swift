import Domain

extension Shape where Value == AudioDetails {
    static let audioDetails = Shape.object("AudioDetails") {
        Field(optional: "loudness", .loudness) { $0.loudness }
    }
}

extension Shape where Value == AudioDetails.Loudness {
    static let loudness = Shape.object("LoudnessDetails") {
        Field(optional: "max_momentary_lufs", .number, "Loudest 400 ms, EBU Tech 3341.") { $0.maxMomentaryLufs }
        Field(optional: "max_short_term_lufs", .number, "Loudest 3 s, EBU Tech 3341.") { $0.maxShortTermLufs }
    }
}
