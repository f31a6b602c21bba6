import Foundation

/// Base 64 as HTTP Basic has it.
enum Base64 {
    static func encoded(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    /// Nil when it is none.
    static func decoded(_ text: String) -> String? {
        Data(base64Encoded: text).map { String(decoding: $0, as: UTF8.self) }
    }
}
