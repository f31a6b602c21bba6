/// The part of Lucene's query language that clients of MusicBrainz use.
indirect enum LuceneQuery: Hashable, Sendable {
    /// Words in a field (nil for the standard one); a phrase holds them side by side, a star makes the last a beginning.
    case words([String], field: String?, isPhrase: Bool, isPrefix: Bool)
    /// Numbers or dates, both ends inside; nil for `*`.
    case range(from: String?, to: String?, field: String?)
    case all([LuceneQuery])
    case any([LuceneQuery])
    case not(LuceneQuery)

    struct Malformed: Error {}

    init(_ text: String) throws(Malformed) {
        var parser = LuceneParser(text)
        self = try parser.whole()
    }
}

/// Reads a query from left to right.
struct LuceneParser {
    private var rest: Substring
    private var depth = 0

    /// Parentheses inside each other.
    private static let maxDepth = 20

    init(_ text: String) { rest = text[...] }

    mutating func whole() throws(LuceneQuery.Malformed) -> LuceneQuery {
        let query = try clauses(field: nil)
        skipBlanks()
        guard rest.isEmpty else { throw LuceneQuery.Malformed() }
        return query
    }

    /// Clauses until the end or a closing parenthesis. AND binds all that it joins; blanks and OR mean any.
    private mutating func clauses(field: String?) throws(LuceneQuery.Malformed) -> LuceneQuery {
        var needed: [LuceneQuery] = []
        var optional: [LuceneQuery] = []
        var isAnd = false
        while true {
            skipBlanks()
            guard let next = rest.first, next != ")" else { break }
            if take(word: "AND") || take("&&") {
                // What stands before AND is needed, too.
                if !isAnd, let last = optional.popLast() { needed.append(last) }
                isAnd = true
                continue
            }
            if take(word: "OR") || take("||") {
                isAnd = false
                continue
            }
            if take(word: "NOT") || take("-") || take("!") {
                needed.append(.not(try clause(field: field)))
            } else if take("+") || isAnd {
                needed.append(try clause(field: field))
            } else {
                optional.append(try clause(field: field))
            }
            isAnd = false
        }
        guard !needed.isEmpty || !optional.isEmpty else { throw LuceneQuery.Malformed() }
        if needed.isEmpty { return optional.count == 1 ? optional[0] : .any(optional) }
        // Optional clauses beside needed ones change the score only; here they are left out of the decision.
        return needed.count == 1 ? needed[0] : .all(needed)
    }

    private mutating func clause(field: String?) throws(LuceneQuery.Malformed) -> LuceneQuery {
        skipBlanks()
        let query: LuceneQuery
        switch rest.first {
        case "(":
            rest.removeFirst()
            depth += 1
            guard depth <= Self.maxDepth else { throw LuceneQuery.Malformed() }
            query = try clauses(field: field)
            guard take(")") else { throw LuceneQuery.Malformed() }
            depth -= 1
        case "\"":
            rest.removeFirst()
            let phrase = try text { $0 == "\"" }
            guard take("\"") else { throw LuceneQuery.Malformed() }
            query = .words(Self.split(phrase), field: field, isPhrase: true, isPrefix: false)
        case "[", "{": query = try range(field: field)
        case nil: throw LuceneQuery.Malformed()
        default:
            let word = try text { $0.isWhitespace || "():\"^~".contains($0) }
            guard !word.isEmpty else { throw LuceneQuery.Malformed() }
            if take(":") {
                guard field == nil else { throw LuceneQuery.Malformed() }
                return try clause(field: word.lowercased())
            }
            let isPrefix = word.hasSuffix("*")
            query = .words(Self.split(word), field: field, isPhrase: false, isPrefix: isPrefix)
        }
        skipModifiers()
        return query
    }

    private mutating func range(field: String?) throws(LuceneQuery.Malformed) -> LuceneQuery {
        rest.removeFirst()
        guard let end = rest.firstIndex(where: { $0 == "]" || $0 == "}" }) else { throw LuceneQuery.Malformed() }
        let parts = rest[..<end].split(separator: " ").map(String.init)
        rest = rest[rest.index(after: end)...]
        guard parts.count == 3, parts[1] == "TO" else { throw LuceneQuery.Malformed() }
        return .range(from: parts[0] == "*" ? nil : parts[0], to: parts[2] == "*" ? nil : parts[2], field: field)
    }

    /// `~2`, `^4`: how near and how heavy, which do not matter here.
    private mutating func skipModifiers() {
        while let next = rest.first, next == "~" || next == "^" {
            rest.removeFirst()
            rest = rest.drop { $0.isNumber || $0 == "." }
        }
    }

    /// Until a character that ends it; a backslash takes the next one as it is.
    private mutating func text(until isEnd: (Character) -> Bool) throws(LuceneQuery.Malformed) -> String {
        var text = ""
        while let next = rest.first, !isEnd(next) {
            rest.removeFirst()
            guard next == "\\" else {
                text.append(next)
                continue
            }
            guard let escaped = rest.popFirst() else { throw LuceneQuery.Malformed() }
            text.append(escaped)
        }
        return text
    }

    /// As the index splits text: by what is neither letter nor number.
    static func split(_ text: String) -> [String] { Names.loose(text).split(separator: " ").map(String.init) }

    private mutating func skipBlanks() { rest = rest.drop { $0.isWhitespace } }

    private mutating func take(_ text: String) -> Bool {
        guard rest.hasPrefix(text) else { return false }
        rest = rest.dropFirst(text.count)
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard rest.hasPrefix(word), rest.dropFirst(word.count).first.map(\.isWhitespace) ?? false else { return false }
        rest = rest.dropFirst(word.count)
        return true
    }
}
