/// A musical key by its place on the Camelot wheel, where neighbours mix well: `C major` is `8B`, `A minor` is `8A`.
package struct CamelotKey: Hashable, Sendable {
    /// 1…12, a fifth from one to the next.
    package let number: Int
    package let isMajor: Bool

    /// As an analysis writes it: `C major`, `F# minor`. Nil for a text that is no key.
    package init?(_ key: String) {
        let words = key.split(separator: " ")
        guard words.count == 2, let pitch = Self.pitches[String(words[0])] else { return nil }
        // A fifth up is seven semitones, and one step on the wheel; C major stands at 8, its relative minor beside it.
        switch words[1] {
        case "major": (number, isMajor) = ((pitch * 7 + 7) % 12 + 1, true)
        case "minor": (number, isMajor) = (((pitch + 3) * 7 + 7) % 12 + 1, false)
        default: return nil
        }
    }

    /// 1…24, to be kept in a byte: `1A` is 1, `1B` is 2.
    package var ordinal: UInt8 { UInt8((number - 1) * 2 + (isMajor ? 2 : 1)) }

    /// Nil for what is no ordinal.
    package init?(ordinal: UInt8) {
        guard (1...24).contains(ordinal) else { return nil }
        number = Int(ordinal - 1) / 2 + 1
        isMajor = ordinal.isMultiple(of: 2)
    }

    package var code: String { "\(number)\(isMajor ? "B" : "A")" }

    /// The same key, a fifth up or down, or the relative major or minor.
    package func isCompatible(with other: CamelotKey) -> Bool {
        let distance = abs(number - other.number)
        return isMajor == other.isMajor ? distance <= 1 || distance == 11 : distance == 0
    }

    private static let pitches = [
        "C": 0, "C#": 1, "Db": 1, "D": 2, "D#": 3, "Eb": 3, "E": 4, "F": 5, "F#": 6, "Gb": 6, "G": 7, "G#": 8,
        "Ab": 8, "A": 9, "A#": 10, "Bb": 10, "B": 11,
    ]
}
