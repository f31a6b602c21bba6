/// What a line of the log may be made of.
enum LogRules {
    static func check(_ file: SourceFile) -> [Finding] {
        guard file.lies(in: "Sources") || file.lies(in: "common") else { return [] }
        return places(
            of: message, in: file, "the message of a log line is a constant sentence: data goes into metadata")
            + places(of: key, in: file, "the names of metadata are in LogKeys")
    }

    private static func places(of pattern: Regex<Substring>, in file: SourceFile, _ rule: String) -> [Finding] {
        file.text.matches(of: pattern).map { match in
            let line = file.text[..<match.range.lowerBound].count { $0 == "\n" } + 1
            return Finding(path: file.path, line: line, rule: rule)
        }
    }

    /// A text with something interpolated right behind the call.
    private static var message: Regex<Substring> {
        /[lL]ogger\.(?:trace|debug|info|notice|warning|error|critical)\(\s*"(?:[^"\\\n]|\\[^(\n])*\\\(/
    }
    private static var key: Regex<Substring> { /\bmetadata: \[\s*"/ }
}
