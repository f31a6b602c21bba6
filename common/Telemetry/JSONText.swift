/// JSON strings without an encoder object.
package enum JSONText {
    /// The text in quotes. Everything that `ControlCharacters` calls unsafe is written as `\uXXXX`: a log line stays
    /// one line, and stays harmless when it is shown raw.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if ControlCharacters.isUnsafe(scalar) {
                    for unit in String(Character(scalar)).utf16 { result += escape(unit) }
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    private static func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
