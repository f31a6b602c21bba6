/// The text by which a text-embedding model knows a track: its tags and, in words, what was heard.
///
/// One line each, left out where nothing is known: `Title`, `Artist`, `Album`, `Genres`, `Year`, `Sound`. The words of
/// `Sound`, in this order: each mood word of the analysis (`AudioDetails.Mood`) that reaches 0.6; `slow` under 80 BPM
/// and `fast` from 140 BPM on when the tempo's confidence reaches 0.3; `major key` or `minor key` when the key's
/// confidence does.
package enum TrackText {
    /// Part of every hash of such a text. Another form of the text is another version.
    package static let version = "text-1"
    /// A line is cut at so many bytes, so the whole text stays within 1,200.
    static let maxLineBytes = 180
    static let maxGenres = 8
    private static let moodThreshold = 0.6
    private static let confidenceThreshold = 0.3

    /// Nil when nothing is known that could be said.
    package static func describe(_ metadata: TrackMetadata, _ analysis: AudioAnalysis?) -> String? {
        let artist = metadata.artistCredit ?? metadata.artists.joined(separator: ", ")
        let lines: [(String, String?)] = [
            ("Title", metadata.title), ("Artist", artist), ("Album", metadata.album),
            ("Genres", metadata.genres.prefix(maxGenres).joined(separator: ", ")),
            ("Year", metadata.year.map(String.init)),
            ("Sound", analysis.map { sound($0).joined(separator: ", ") }),
        ]
        let text = lines.compactMap { name, value in value.flatMap(clean).map { "\(name): \($0)" } }
        return text.isEmpty ? nil : text.joined(separator: "\n")
    }

    static func sound(_ analysis: AudioAnalysis) -> [String] {
        let mood = analysis.details?.mood
        let moods = [
            ("calm", mood?.calm), ("energetic", mood?.energetic), ("dark", mood?.dark), ("bright", mood?.bright),
            ("danceable", mood?.danceable),
        ]
        var words = moods.filter { ($0.1 ?? 0) >= moodThreshold }.map(\.0)
        if let tempo = analysis.tempoBpm, (analysis.tempoConfidence ?? 0) >= confidenceThreshold {
            if tempo < 80 { words.append("slow") }
            if tempo >= 140 { words.append("fast") }
        }
        if let key = analysis.key, (analysis.keyConfidence ?? 0) >= confidenceThreshold {
            words.append(key.hasSuffix("minor") ? "minor key" : "major key")
        }
        return words
    }

    /// One line without control characters and doubled blanks; nil when nothing is left.
    static func clean(_ text: String) -> String? {
        var line = ""
        for word in text.split(whereSeparator: { $0.isWhitespace || $0.isControl }) {
            let next = line.isEmpty ? String(word) : " " + word
            guard line.utf8.count + next.utf8.count <= maxLineBytes else {
                if line.isEmpty { line = cut(next) }
                break
            }
            line += next
        }
        return line.isEmpty ? nil : line
    }

    private static func cut(_ word: String) -> String {
        var bytes = 0
        return String(
            word.prefix { character in
                bytes += character.utf8.count
                return bytes <= maxLineBytes
            })
    }
}

extension Character {
    fileprivate var isControl: Bool { unicodeScalars.allSatisfy { $0.properties.generalCategory == .control } }
}
