/// Takes out of a text what opens something: it may come in an error of somebody else's.
package struct SecretText: Sendable {
    /// What the settings call secret, longest first.
    private let known: [String]

    /// Shorter ones would be found in ordinary words.
    private static let lengthMin = 6
    package static let hidden = "[hidden]"
    package static let none = SecretText([])

    package init(_ secrets: [String]) {
        known = Set(secrets).filter { $0.utf8.count >= Self.lengthMin }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// A field of this name holds something secret.
    package static func isSecret(_ name: String) -> Bool { SecretName(name.lowercased()) != nil }

    /// In a time that grows with the length of the text, whatever is in it.
    package func masked(_ text: String) -> String {
        var text = text
        for secret in known where text.contains(secret) { text = text.replacing(secret, with: Self.hidden) }
        let found = text.withUTF8 { bytes in
            var scan = SecretScan(bytes)
            return scan.ranges()
        }
        guard !found.isEmpty else { return text }
        return text.withUTF8 { bytes in
            var shown: [UInt8] = []
            shown.reserveCapacity(bytes.count)
            var end = 0
            for range in found {
                shown += bytes[end..<range.lowerBound]
                shown += Self.hidden.utf8
                end = range.upperBound
            }
            shown += bytes[end...]
            return String(decoding: shown, as: UTF8.self)
        }
    }
}
