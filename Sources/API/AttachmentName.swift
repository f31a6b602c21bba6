/// The name under which a browser keeps a file (RFC 6266).
enum AttachmentName {
    /// - Parameter name: the bytes of a file's name, of any kind.
    static func header(_ name: some Collection<UInt8>) -> String {
        // Control characters and separators, which a client might take for a path, have no place in a name.
        let text = String(decoding: name, as: UTF8.self)
        let kept = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { isHarmless($0) ? $0 : "_" }.prefix(maxCharacters)))
        // Older clients know the first form only.
        let plain = kept.unicodeScalars.map { $0.isASCII && $0 != "\"" && $0 != "%" ? Character($0) : "_" }
        return "attachment; filename=\"\(String(plain))\"; filename*=UTF-8''\(encoded(kept))"
    }

    /// File systems allow 255 bytes.
    private static let maxCharacters = 255

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: false
        default: scalar != "/" && scalar != "\\"
        }
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            PercentCoding.isUnreserved(byte)
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
