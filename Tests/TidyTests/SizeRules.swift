/// How long a file and a function may be.
enum SizeRules {
    static let maxFileLines = 500
    static let maxFunctionLines = 70

    static func checkFile(_ file: SourceFile) -> [Finding] {
        guard file.lineCount > maxFileLines else { return [] }
        return [Finding(path: file.path, line: 0, rule: "\(file.lineCount) lines; \(maxFileLines) are allowed")]
    }

    static func checkFunctions(_ file: SourceFile) -> [Finding] {
        functions(in: file.text).filter { $0.lines > maxFunctionLines }.map {
            Finding(
                path: file.path, line: $0.line, rule: "a function of \($0.lines) lines; \(maxFunctionLines) are allowed"
            )
        }
    }

    /// Every function, initialiser and subscript with a body: its first line (from 1) and its length in lines.
    static func functions(in text: String) -> [(line: Int, lines: Int)] {
        let code = MaskedSource(text).code.map { Array($0.utf8) }
        let bytes = Array(code.joined(separator: [newline]))
        var found: [(line: Int, lines: Int)] = []
        var line = 1
        for index in bytes.indices {
            if bytes[index] == newline { line += 1 }
            guard let keyword = keywords.first(where: { isWord($0, at: index, in: bytes) }),
                let open = bodyStart(after: index + keyword.count, in: bytes)
            else { continue }
            let close = bodyEnd(from: open, in: bytes)
            found.append((line, bytes[index...close].count { $0 == newline } + 1))
        }
        return found
    }

    private static let newline = UInt8(ascii: "\n")
    private static let keywords = ["func", "init", "deinit", "subscript"].map { Array($0.utf8) }
    private static let declarations = ["func", "init", "var", "let", "case", "subscript", "associatedtype"].map {
        Array($0.utf8)
    }

    private static func isWord(_ word: [UInt8], at index: Int, in bytes: [UInt8]) -> Bool {
        guard bytes[index...].starts(with: word) else { return false }
        let end = index + word.count
        if end < bytes.count, isNamePart(bytes[end]) { return false }
        guard index > 0 else { return true }
        // `.init(…)` is a call, `` `init` `` a name.
        return !isNamePart(bytes[index - 1]) && bytes[index - 1] != UInt8(ascii: ".")
            && bytes[index - 1] != UInt8(ascii: "`")
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte >= 0x80
            || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
            || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
    }

    /// The brace that opens the body, or nil for a requirement without one.
    private static func bodyStart(after start: Int, in bytes: [UInt8]) -> Int? {
        var depth = 0
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "{") where depth == 0: return index
            case UInt8(ascii: "}") where depth == 0: return nil
            default:
                if depth == 0, declarations.contains(where: { isWord($0, at: index, in: bytes) }) { return nil }
            }
            index += 1
        }
        return nil
    }

    private static func bodyEnd(from open: Int, in bytes: [UInt8]) -> Int {
        var depth = 0
        for index in open..<bytes.count {
            if bytes[index] == UInt8(ascii: "{") { depth += 1 }
            if bytes[index] == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return bytes.count - 1
    }
}
