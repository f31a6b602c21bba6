/// A tonic and a mode; enough to write chords and melodies that belong together.
package struct MusicalKey: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        case major, minor
    }

    /// Semitones above C, 0…11.
    package let tonic: Int
    package let mode: Mode

    package init(_ tonic: Int, _ mode: Mode) {
        self.tonic = ((tonic % 12) + 12) % 12
        self.mode = mode
    }

    /// `C major`, `F# minor`.
    package var name: String { "\(MusicalKey.noteNames[tonic]) \(mode.rawValue)" }

    /// As DJ software and the TKEY frame write it: `C`, `F#m`.
    package var shortName: String { MusicalKey.noteNames[tonic] + (mode == .minor ? "m" : "") }

    /// Spelled as the analysis spells what it hears.
    package static let noteNames = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]

    /// The MIDI number of a degree of the scale (0 is the tonic; degrees may exceed an octave or be negative).
    package func pitch(degree: Int, octave: Int) -> Int {
        let steps = mode == .major ? MusicalKey.majorSteps : MusicalKey.minorSteps
        let wrapped = ((degree % 7) + 7) % 7
        let octaves = (degree - wrapped) / 7
        return 12 * (octave + 1 + octaves) + tonic + steps[wrapped]
    }

    /// The triad on a degree of the scale, as degrees.
    package static func triad(on degree: Int) -> [Int] { [degree, degree + 2, degree + 4] }

    private static let majorSteps = [0, 2, 4, 5, 7, 9, 11]
    private static let minorSteps = [0, 2, 3, 5, 7, 8, 10]
}
