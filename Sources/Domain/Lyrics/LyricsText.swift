/// Reads lyrics: plain text, or LRC with times before its lines.
///
///     [ti:Furrow Lines]
///     [offset:-250]
///     [00:12.40][01:15.02]A line that is sung twice
///     [00:17.10]A line <00:17.80>with <00:18.20>timed <00:18.90>words
package struct LyricsText {
    private var lines: [Lyrics.Line] = []
    private var hasTimes = false
    private var language: String?
    private var artist: String?
    private var title: String?
    private var offsetMs: Int64 = 0

    /// Of one line, and of a name.
    static let maxLineLength = 2000
    static let maxStampsPerLine = 100
    static let maxOffsetMs: Int64 = 3_600_000
    private static let maxMinutes: Int64 = 24 * 60

    /// Nil when no words are in it.
    package static func read(_ text: String, origin: Lyrics.Origin) -> Lyrics? {
        var reader = LyricsText()
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            guard reader.lines.count < Lyrics.maxLines else { break }
            reader.take(line)
        }
        return reader.lyrics(origin)
    }

    private mutating func take(_ line: Substring) {
        var rest = Self.trimmed(line)
        var starts: [Int64] = []
        while rest.first == "[", let end = rest.firstIndex(of: "]") {
            let tag = rest[rest.index(after: rest.startIndex)..<end]
            if let start = Self.time(tag) {
                if starts.count < Self.maxStampsPerLine { starts.append(start) }
            } else if !starts.isEmpty || !note(tag) {
                break
            } else if rest.index(after: end) == rest.endIndex {
                return
            }
            rest = Self.trimmed(rest[rest.index(after: end)...])
        }
        if starts.isEmpty {
            let text = String(rest.prefix(Self.maxLineLength))
            lines.append(Lyrics.Line(startMs: nil, text: text))
            return
        }
        hasTimes = true
        let text = String(Self.withoutWordTimes(rest).prefix(Self.maxLineLength))
        for start in starts where lines.count < Lyrics.maxLines {
            lines.append(Lyrics.Line(startMs: start, text: text))
        }
    }

    /// What is known about the text. False for a tag that is none, such as `[Chorus]`, which is part of the words.
    private mutating func note(_ tag: Substring) -> Bool {
        guard let colon = tag.firstIndex(of: ":") else { return false }
        let value = String(Self.trimmed(tag[tag.index(after: colon)...]).prefix(Self.maxLineLength))
        switch tag[..<colon].lowercased() {
        case "ti": title = value.isEmpty ? nil : value
        case "ar": artist = value.isEmpty ? nil : value
        case "la": language = value.isEmpty ? nil : value
        case "offset": offsetMs = Int64(value).map { min(max($0, -Self.maxOffsetMs), Self.maxOffsetMs) } ?? 0
        case "al", "au", "lr", "by", "re", "ve", "length", "tool", "id", "#": break
        default: return false
        }
        return true
    }

    /// `mm:ss`, `mm:ss.f`, `mm:ss.ff`, `mm:ss.fff`, and with a colon before the fraction.
    static func time(_ tag: some StringProtocol) -> Int64? {
        let parts = tag.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "." }
        guard (2...3).contains(parts.count), (1...4).contains(parts[0].count), (1...2).contains(parts[1].count),
            let minutes = digits(parts[0]), let seconds = digits(parts[1]), minutes < maxMinutes, seconds < 60
        else { return nil }
        var fractionMs: Int64 = 0
        if parts.count == 3 {
            guard (1...3).contains(parts[2].count), let fraction = digits(parts[2]) else { return nil }
            fractionMs = fraction * [100, 10, 1][parts[2].count - 1]
        }
        return (minutes * 60 + seconds) * 1000 + fractionMs
    }

    private static func digits(_ text: some StringProtocol) -> Int64? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(text) : nil
    }

    /// `<00:17.80>` between words tells when each is sung, which nobody is shown.
    private static func withoutWordTimes(_ line: Substring) -> Substring {
        guard line.contains("<") else { return line }
        var (result, rest) = ("", line)
        while let open = rest.firstIndex(of: "<") {
            result += rest[..<open]
            rest = rest[open...]
            // The longest stamp has a dozen characters.
            let near = rest.prefix(14)
            if let close = near.firstIndex(of: ">"), time(near[near.index(after: near.startIndex)..<close]) != nil {
                rest = rest[rest.index(after: close)...]
            } else {
                result.append("<")
                rest = rest.dropFirst()
            }
        }
        return trimmed(Substring(result + rest))
    }

    private func lyrics(_ origin: Lyrics.Origin) -> Lyrics? {
        guard lines.contains(where: { !$0.text.isEmpty }) else { return nil }
        return Lyrics(
            origin: origin, language: language, isSynced: hasTimes, offsetMs: hasTimes ? offsetMs : 0,
            displayArtist: artist, displayTitle: title, lines: hasTimes ? timed : untimed)
    }

    /// A line without a time goes on with the line before it. Of the same time, the first stays the first.
    private var timed: [Lyrics.Line] {
        var last: Int64 = 0
        let complete = lines.filter { $0.startMs != nil || !$0.text.isEmpty }.map { line in
            last = line.startMs ?? last
            return Lyrics.Line(startMs: last, text: line.text)
        }
        let ordered = complete.enumerated().sorted {
            ($0.element.startMs ?? 0, $0.offset) < ($1.element.startMs ?? 0, $1.offset)
        }
        return ordered.map(\.element)
    }

    private var untimed: [Lyrics.Line] {
        let start = lines.firstIndex { !$0.text.isEmpty } ?? lines.startIndex
        let end = lines.lastIndex { !$0.text.isEmpty } ?? start
        return Array(lines[start...end])
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
