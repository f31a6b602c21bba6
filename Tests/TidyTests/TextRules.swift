import Foundation

/// What no line of Swift may say, or only with a reason.
enum TextRules {
    static func check(_ file: SourceFile) -> [Finding] {
        let source = MaskedSource(file.text)
        var findings = source.code.indices.flatMap { index in
            problems(in: source, at: index).map { Finding(path: file.path, line: index + 1, rule: $0) }
        }
        if file.text.hasPrefix("#!") {
            findings.append(Finding(path: file.path, line: 1, rule: "a source file has no shebang"))
        }
        return findings
    }

    private static func problems(in source: MaskedSource, at index: Int) -> [String] {
        let code = source.code[index]
        let comment = source.comments[index]
        var problems: [String] = []
        if code.contains(/\btry\?/), comment.isEmpty {
            problems.append("try? needs a comment that says why the loss is fine")
        }
        if code.contains("try!") { problems.append("no try!") }
        if hasWord("fatalError", in: code) {
            problems.append("no fatalError: precondition says why, throw can be handled")
        }
        for marker in markers where hasWord(marker, in: comment) || hasWord(marker, in: code) {
            problems.append("no \(marker)")
        }
        for unsafe in ["@unchecked Sendable", "nonisolated(unsafe)"]
        where code.contains(unsafe) && !source.hasComment(atOrBefore: index) {
            problems.append("\(unsafe) needs a sentence that proves it, on its line or the one before")
        }
        return problems
    }

    private static let markers = ["TODO", "FIXME", "XXX"]

    private static func hasWord(_ word: String, in line: String) -> Bool {
        line.ranges(of: word).contains { range in
            let before = range.lowerBound == line.startIndex ? nil : line[line.index(before: range.lowerBound)]
            let after = range.upperBound == line.endIndex ? nil : line[range.upperBound]
            return [before, after].allSatisfy { $0.map { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? true }
        }
    }

    /// Lines that give away where the author's files lie.
    /// - Parameter root: the folder of this clone; a short one such as `/src` is too common a word to look for.
    static func privatePaths(in file: SourceFile, root: String) -> [Finding] {
        var needles = ["/Users" + "/", "/root" + "/"]
        if root.split(separator: "/").count >= 2 { needles.append(root + "/") }
        return file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line in
            needles.filter { line.contains($0) }.map {
                Finding(path: file.path, line: index + 1, rule: "a private path: \($0)")
            }
        }
    }
}
