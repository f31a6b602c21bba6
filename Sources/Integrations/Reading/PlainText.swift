/// Text of a page: without its tags, and with the characters that its entities stand for.
enum PlainText {
    /// Characters of a page that are looked at.
    private static let charactersMax = 20_000
    private static let entities = [
        "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'", "&apos;": "'", "&nbsp;": " ", "&amp;": "&",
    ]

    static func of(_ html: String) -> String {
        var text = ""
        var insideTag = false
        for character in html.prefix(charactersMax) {
            switch character {
            case "<": insideTag = true
            case ">" where insideTag: insideTag = false
            case _ where insideTag: break
            default: text.append(character)
            }
        }
        // The ampersand last, so that nothing is decoded twice.
        for (entity, character) in entities.sorted(by: { $0.key > $1.key }) where entity != "&amp;" {
            text.replace(entity, with: character)
        }
        text.replace("&amp;", with: "&")
        return String(text.trimmingSuffix(while: \.isWhitespace).trimmingPrefix(while: \.isWhitespace))
    }
}

extension StringProtocol {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> SubSequence {
        guard let last = lastIndex(where: { !predicate($0) }) else { return self[startIndex..<startIndex] }
        return self[...last]
    }
}
