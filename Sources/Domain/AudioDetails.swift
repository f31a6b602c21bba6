/// What else was heard in a file's audio. Every member is optional, so that a later analyser can add to it: what an older
/// one did not measure, or what the audio is too short or too quiet for, is nil.
package struct AudioDetails: Hashable, Codable, Sendable {
    package var loudness: Loudness?

    package init() {}

    package struct Loudness: Hashable, Codable, Sendable {
        /// Loudest 400 ms, EBU Tech 3341, in LUFS.
        package var maxMomentaryLufs: Double?
        /// Loudest 3 s, EBU Tech 3341, in LUFS.
        package var maxShortTermLufs: Double?

        package init() {}

        enum CodingKeys: String, CodingKey {
            case maxMomentaryLufs = "max_momentary_lufs"
            case maxShortTermLufs = "max_short_term_lufs"
        }
    }
}
