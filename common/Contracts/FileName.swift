import Domain

/// One part of a path in JSON. Unlike an absolute path it may itself begin with `bytes:`, so such a name is written in
/// hexadecimal digits too.
package enum FileName {
    private static let escape = "bytes:"
    /// NAME_MAX of Linux.
    private static let bytesMax = 255

    package static func encode(_ bytes: [UInt8]) -> String {
        let text = FilePath(bytes: bytes).encoded
        return text.hasPrefix(escape) ? escape + Hex.encode(bytes) : text
    }

    /// Nil for what cannot be the name of a file.
    package static func decode(_ text: String) -> [UInt8]? {
        guard let bytes = FilePath(encoded: text)?.bytes, (1...bytesMax).contains(bytes.count), !bytes.contains(0),
            !bytes.contains(FilePath.slash), bytes != [0x2E], bytes != [0x2E, 0x2E]
        else { return nil }
        return bytes
    }
}
