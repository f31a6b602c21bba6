/// The instrument that carries chords and melody.
package enum Timbre: String, Hashable, Sendable, CaseIterable {
    /// Karplus–Strong strings.
    case strings
    /// Additive drawbars.
    case organ
    /// Frequency modulation with an inharmonic ratio.
    case bells
    /// Frequency modulation with a harmonic ratio: an electric piano.
    case keys
    /// Filtered saw waves: a bass synthesiser and a bright lead.
    case synth
    /// Slow, detuned saw waves.
    case pads
}

package enum DrumStyle: String, Hashable, Sendable, CaseIterable {
    case none
    /// Light hats and a soft kick.
    case brushes
    /// Kick on 1 and 3, snare on 2 and 4.
    case rock
    /// Kick on every beat, hats between.
    case club
}
