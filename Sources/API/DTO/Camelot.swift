/// Keys by their place on the Camelot wheel, where neighbours mix well: `C major` is `8B`, `A minor` is `8A`.
enum Camelot {
    /// Nil for a text that is no key.
    static func code(_ key: String) -> String? {
        let words = key.split(separator: " ")
        guard words.count == 2, let pitch = pitches[String(words[0])] else { return nil }
        // A fifth up is seven semitones, and one step on the wheel; C major stands at 8, its relative minor beside it.
        switch words[1] {
        case "major": return "\((pitch * 7 + 7) % 12 + 1)B"
        case "minor": return "\(((pitch + 3) * 7 + 7) % 12 + 1)A"
        default: return nil
        }
    }

    private static let pitches = [
        "C": 0, "C#": 1, "Db": 1, "D": 2, "D#": 3, "Eb": 3, "E": 4, "F": 5, "F#": 6, "Gb": 6, "G": 7, "G#": 8,
        "Ab": 8, "A": 9, "A#": 10, "Bb": 10, "B": 11,
    ]
}
