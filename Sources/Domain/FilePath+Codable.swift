/// In JSON a path is a string. One that is not UTF-8 is written `bytes:` + lower-case hex, which no absolute path
/// can be taken for.
extension FilePath: Codable {
    private static let escape = "bytes:"

    /// The string that stands for this path in JSON and in text columns; `init(encoded:)` reads it back.
    package var encoded: String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return FilePath.escape + Hex.encode(bytes)
    }

    package init?(encoded: String) {
        guard encoded.hasPrefix(FilePath.escape) else {
            self.init(encoded)
            return
        }
        guard let bytes = Hex.decode(encoded.dropFirst(FilePath.escape.count)) else { return nil }
        self.init(bytes: bytes)
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let path = FilePath(encoded: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "bytes: must be followed by hexadecimal digits")
            )
        }
        self = path
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(encoded)
    }
}
