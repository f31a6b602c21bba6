/// Reads a strict subset of TOML 1.0: a file that it takes means the same to every TOML reader.
///
/// `key = value` with bare keys; texts in "…" and '…' on one line; decimal numbers; `true` and `false`; lists of texts,
/// over several lines if need be; `[section]`; comments. All else is refused with its line. What is wrong is never
/// repeated: it may be a secret.
struct TOMLReader {
    struct Entry: Hashable, Sendable {
        /// With the name of its section before it: `url` below `[lastfm]` is `lastfm_url`.
        let key: String
        let value: TOMLValue
        let line: Int
    }

    struct Problem: Error, Hashable, Sendable {
        let line: Int
        let text: String
    }

    private static let (maxProblems, maxItems) = (20, 1000)

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var line = 1
    /// Nil after a heading that was refused: nobody knows what the keys below it are.
    private var section: String? = ""
    private var sections: Set<String> = []
    private var lines: [String: Int] = [:]

    private init(_ text: String) {
        scalars = Array(text.replacing("\r\n", with: "\n").unicodeScalars)
    }

    static func read(_ text: String) -> (entries: [Entry], problems: [Problem]) {
        var reader = TOMLReader(text)
        var (entries, problems): ([Entry], [Problem]) = ([], [])
        if let problem = reader.forbiddenScalar { return ([], [problem]) }
        while problems.count < maxProblems {
            reader.skipBlank()
            guard reader.current != nil else { break }
            do throws(Problem) {
                if let entry = try reader.statement() { entries.append(entry) }
            } catch {
                problems.append(error)
                reader.skipLine()
            }
        }
        return (entries, problems)
    }

    private var forbiddenScalar: Problem? {
        func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value < 0x20 && scalar != "\n" && scalar != "\t" || scalar.value == 0x7F || scalar == "\u{FEFF}"
        }
        guard let index = scalars.firstIndex(where: isForbidden) else { return nil }
        let line = scalars[..<index].count { $0 == "\n" } + 1
        return Problem(line: line, text: "there is a character that text does not have")
    }

    private mutating func statement() throws(Problem) -> Entry? {
        if take("[") {
            try heading()
            return nil
        }
        let start = line
        let name = takeWord()
        guard !name.isEmpty else { throw wrong("a line is key = value, [section] or # comment") }
        skipSpace()
        guard take("=") else {
            throw wrong(current == "." ? "a key has no dot: use _, or a [section]" : "a key is followed by =")
        }
        skipSpace()
        let value: TOMLValue =
            switch current {
            case "\"", "'": .string(try text())
            case "[": .strings(try list())
            default: try bare()
            }
        try endLine()
        guard let section else { return nil }
        let key = section.isEmpty ? name : section + "_" + name
        if let first = lines[key] { throw Problem(line: start, text: "\(key) is there already, in line \(first)") }
        lines[key] = start
        return Entry(key: key, value: value, line: start)
    }

    private mutating func heading() throws(Problem) {
        section = nil
        skipSpace()
        let name = takeWord()
        skipSpace()
        guard !name.isEmpty, take("]") else { throw wrong("a section is [name], of letters, digits and _") }
        try endLine()
        guard sections.insert(name).inserted else { throw Problem(line: line, text: "[\(name)] is there already") }
        section = name
    }

    private mutating func text() throws(Problem) -> String {
        let quote = scalars[index]
        index += 1
        var text = String.UnicodeScalarView()
        while let scalar = current, scalar != "\n" {
            index += 1
            if scalar == quote {
                guard !(text.isEmpty && current == quote) else { throw wrong("texts over several lines are not read") }
                return String(text)
            }
            text.append(scalar == "\\" && quote == "\"" ? try escaped() : scalar)
        }
        throw wrong("a text has no end in its line")
    }

    private mutating func escaped() throws(Problem) -> Unicode.Scalar {
        let plain: [Unicode.Scalar: Unicode.Scalar] = [
            "b": "\u{8}", "t": "\t", "n": "\n", "f": "\u{C}", "r": "\r", "\"": "\"", "\\": "\\",
        ]
        guard let letter = current else { throw wrong("a text has no end in its line") }
        index += 1
        if let scalar = plain[letter] { return scalar }
        let count = letter == "u" ? 4 : letter == "U" ? 8 : 0
        let digits = scalars[index..<min(index + count, scalars.count)]
        guard count > 0, digits.count == count, digits.allSatisfy(\.properties.isASCIIHexDigit),
            let scalar = UInt32(String(String.UnicodeScalarView(digits)), radix: 16).flatMap(Unicode.Scalar.init)
        else { throw wrong("there is a \\ that means nothing: in '…' it is an ordinary letter") }
        index += count
        return scalar
    }

    private mutating func list() throws(Problem) -> [String] {
        index += 1
        var items: [String] = []
        skipBlank()
        while !take("]") {
            guard current == "\"" || current == "'" else { throw wrong("a list holds texts in quotes, up to a ]") }
            items.append(try text())
            guard items.count <= Self.maxItems else { throw wrong("a list has more than \(Self.maxItems) texts") }
            skipBlank()
            guard take(",") || current == "]" else { throw wrong("between the texts of a list are commas") }
            skipBlank()
        }
        return items
    }

    private mutating func bare() throws(Problem) -> TOMLValue {
        let word = take { !" \t\n#,]".unicodeScalars.contains($0) }
        if word == "true" || word == "false" { return .boolean(word == "true") }
        let digits = word.replacing("_", with: "")
        if word.wholeMatch(of: /[+-]?(0|[1-9](_?[0-9])*)/) != nil, let number = Int(digits) { return .integer(number) }
        let float = /[+-]?(0|[1-9](_?[0-9])*)(\.[0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?/
        let isFloat = word.contains { ".eE".contains($0) } && word.wholeMatch(of: float) != nil
        if isFloat, let number = Double(digits), number.isFinite { return .float(number) }
        throw wrong("this is no value: a text stands in quotes, a number is decimal, true and false stand alone")
    }

    private mutating func endLine() throws(Problem) {
        skipSpace()
        guard current == nil || current == "\n" || current == "#" else { throw wrong("the line goes on here") }
    }

    private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }
    private func wrong(_ text: String) -> Problem { Problem(line: line, text: text) }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        index += 1
        return true
    }

    @discardableResult
    private mutating func take(while isTaken: (Unicode.Scalar) -> Bool) -> String {
        let start = index
        while let scalar = current, isTaken(scalar) { index += 1 }
        return String(String.UnicodeScalarView(scalars[start..<index]))
    }

    private mutating func takeWord() -> String {
        take { $0.isASCII && ($0.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains($0)) }
    }

    private mutating func skipSpace() {
        take { $0 == " " || $0 == "\t" }
    }

    private mutating func skipLine() {
        take { $0 != "\n" }
    }

    /// Empty lines and comments.
    private mutating func skipBlank() {
        while let scalar = current {
            switch scalar {
            case "\n": line += 1; index += 1
            case " ", "\t": index += 1
            case "#": skipLine()
            default: return
            }
        }
    }
}
