import Domain

extension FilePath {
    /// The name as it may stand in a message: in double quotes, on one line, no control characters, bounded in length.
    package var quoted: String {
        var text = "\""
        for scalar in display.unicodeScalars.prefix(FilePath.quotedScalarsMax) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            default:
                // A double quote would end the name early, for people and for the grouping of failures.
                if scalar == "\"" { text += "'" } else { text.unicodeScalars.append(scalar) }
            }
        }
        return text + "\""
    }

    private static let quotedScalarsMax = 1024
}
