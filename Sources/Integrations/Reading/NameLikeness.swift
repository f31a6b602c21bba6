import Foundation

/// How alike two names are, as people see it: case, accents, punctuation and what is said in brackets count little.
enum NameLikeness {
    /// Names that are longer are compared by their beginnings.
    private static let wordsMax = 64

    /// 0...1, 1 for the same.
    static func of(_ left: String, _ right: String) -> Double {
        let (left, right) = (words(left), words(right))
        guard !left.isEmpty, !right.isEmpty else { return left.isEmpty && right.isEmpty ? 1 : 0 }
        if left == right { return 1 }
        let whole = ofWords(left, right)
        let (bareLeft, bareRight) = (bare(left), bare(right))
        // A bracket says something, so that names that differ in one are not quite the same.
        return max(whole, bareLeft.isEmpty || bareRight.isEmpty ? 0 : ofWords(bareLeft, bareRight) * 0.9)
    }

    /// Folded, without punctuation; a bracket is a word by itself.
    static func words(_ name: String) -> [String] {
        let folded = name.prefix(1000).folding(
            options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
        var words: [String] = []
        var word = ""
        for character in folded {
            if character.isLetter || character.isNumber {
                word.append(character)
                continue
            }
            // An apostrophe joins, everything else divides.
            if character == "'" || character == "’" { continue }
            if !word.isEmpty { words.append(word) }
            word = ""
            if character == "(" || character == "[" { words.append("(") }
            if character == ")" || character == "]" { words.append(")") }
            if character == "&" { words.append("and") }
        }
        if !word.isEmpty { words.append(word) }
        return Array(words.prefix(wordsMax))
    }

    /// Without what stands in brackets, and without guests.
    private static func bare(_ words: [String]) -> [String] {
        var bare: [String] = []
        var depth = 0
        for word in words {
            switch word {
            case "(": depth += 1
            case ")": depth = max(0, depth - 1)
            case "feat", "ft", "featuring": return bare
            default: if depth == 0 { bare.append(word) }
            }
        }
        return bare
    }

    /// Words in common, or pairs of letters in common where words are spelled differently (Dice's coefficient).
    static func ofWords(_ left: [String], _ right: [String]) -> Double {
        let (left, right) = (left.filter(isSpoken), right.filter(isSpoken))
        guard !left.isEmpty, !right.isEmpty else { return 0 }
        return max(dice(left, right), dice(pairs(left.joined(separator: " ")), pairs(right.joined(separator: " "))))
    }

    static func isSpoken(_ word: String) -> Bool { word != "(" && word != ")" }

    private static func pairs(_ text: String) -> [String] {
        let characters = Array(text)
        guard characters.count > 1 else { return [text] }
        return (1..<characters.count).map { String(characters[($0 - 1)...$0]) }
    }

    private static func dice(_ left: [String], _ right: [String]) -> Double {
        var counts: [String: Int] = [:]
        for item in left { counts[item, default: 0] += 1 }
        var common = 0
        for item in right where counts[item, default: 0] > 0 {
            counts[item, default: 0] -= 1
            common += 1
        }
        return 2 * Double(common) / Double(left.count + right.count)
    }
}
