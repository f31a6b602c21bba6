/// A Swift file split by line into code (strings and comments blanked out) and comments.
struct MaskedSource {
    private(set) var code: [String] = []
    private(set) var comments: [String] = []

    init(_ text: String) {
        var scanner = MaskScanner(Array(text.utf8))
        scanner.scan()
        code = MaskedSource.lines(scanner.code)
        comments = MaskedSource.lines(scanner.comments).map { line in
            String(line.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// True when the line, or the one before it, has a comment.
    func hasComment(atOrBefore line: Int) -> Bool {
        !comments[line].isEmpty || (line > 0 && !comments[line - 1].isEmpty)
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: newline, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }

    private static let newline = UInt8(ascii: "\n")
}

/// Walks a file once, knowing nested comments, raw and multi-line strings, and code inside interpolations.
private struct MaskScanner {
    private enum Mode {
        /// Code; the number of open parentheses matters inside an interpolation only.
        case code(openParentheses: Int)
        case string(hashes: Int, isMultiLine: Bool)
    }

    private static let tripleQuote = "\"\"\""
    private let text: [UInt8]
    private var position = 0
    private var modes: [Mode] = [.code(openParentheses: 0)]
    private(set) var code: [UInt8] = []
    private(set) var comments: [UInt8] = []

    init(_ text: [UInt8]) {
        self.text = text
    }

    mutating func scan() {
        while position < text.count {
            switch modes[modes.count - 1] {
            case .code(let open): scanCode(openParentheses: open)
            case .string(let hashes, let isMultiLine): scanString(hashes: hashes, isMultiLine: isMultiLine)
            }
        }
    }

    private mutating func scanCode(openParentheses: Int) {
        if starts(with: "//") { return takeLineComment() }
        if starts(with: "/*") { return takeBlockComment() }
        if let hashes = stringStart() {
            let isMultiLine = starts(with: Self.tripleQuote, at: position + hashes)
            take(hashes + (isMultiLine ? 3 : 1), as: .blank)
            return modes.append(.string(hashes: hashes, isMultiLine: isMultiLine))
        }
        let byte = text[position]
        if byte == UInt8(ascii: "(") { modes[modes.count - 1] = .code(openParentheses: openParentheses + 1) }
        if byte == UInt8(ascii: ")") {
            if openParentheses == 0, modes.count > 1 {
                modes.removeLast()
                return take(1, as: .blank)
            }
            modes[modes.count - 1] = .code(openParentheses: max(0, openParentheses - 1))
        }
        take(1, as: .code)
    }

    private mutating func scanString(hashes: Int, isMultiLine: Bool) {
        let fence = String(repeating: "#", count: hashes)
        if starts(with: "\\" + fence + "(") {
            take(2 + hashes, as: .blank)
            modes.append(.code(openParentheses: 0))
        } else if starts(with: "\\" + fence) {
            take(2 + hashes, as: .blank)
        } else if starts(with: (isMultiLine ? Self.tripleQuote : "\"") + fence) {
            take((isMultiLine ? 3 : 1) + hashes, as: .blank)
            modes.removeLast()
        } else if text[position] == UInt8(ascii: "\n"), !isMultiLine {
            // An unfinished string: the file does not compile, but the rest is still looked at.
            modes.removeLast()
        } else {
            take(1, as: .blank)
        }
    }

    /// The number of `#` before a string that starts here, or nil when none does.
    private func stringStart() -> Int? {
        var hashes = 0
        while position + hashes < text.count, text[position + hashes] == UInt8(ascii: "#") { hashes += 1 }
        return starts(with: "\"", at: position + hashes) ? hashes : nil
    }

    private mutating func takeLineComment() {
        while position < text.count, text[position] != UInt8(ascii: "\n") { take(1, as: .comment) }
    }

    private mutating func takeBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                take(2, as: .comment)
            } else if starts(with: "*/") {
                depth -= 1
                take(2, as: .comment)
            } else {
                take(1, as: .comment)
            }
        } while depth > 0 && position < text.count
    }

    private enum Kind { case code, comment, blank }

    private mutating func take(_ count: Int, as kind: Kind) {
        for byte in text[position..<min(position + count, text.count)] {
            let isNewline = byte == UInt8(ascii: "\n")
            code.append(isNewline || kind == .code ? byte : UInt8(ascii: " "))
            comments.append(isNewline || kind == .comment ? byte : UInt8(ascii: " "))
        }
        position = min(position + count, text.count)
    }

    private func starts(with prefix: String, at offset: Int? = nil) -> Bool {
        let offset = offset ?? position
        return offset <= text.count && text[offset...].starts(with: prefix.utf8)
    }
}
