import Domain
import Foundation

/// What signs messages to a webhook, as the Standard Webhooks specification writes it: `whsec_` and base64.
package struct WebhookKey: Hashable, Sendable {
    package let bytes: [UInt8]

    package static let byteCount = 32
    private static let prefix = "whsec_"

    package init(random: () -> UInt64) {
        var bytes: [UInt8] = []
        while bytes.count < Self.byteCount {
            let word = random()
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
        self.bytes = bytes
    }

    /// Nil for what is no such key.
    package init?(text: String) {
        guard text.hasPrefix(Self.prefix), let data = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))),
            data.count >= 24
        else { return nil }
        bytes = Array(data)
    }

    package var text: HiddenText { HiddenText(Self.prefix + Data(bytes).base64EncodedString()) }
}

extension WebhookKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "(hidden)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
