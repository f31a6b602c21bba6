import Foundation

/// Names and values of a query or a form, in the order in which they were sent.
package struct Parameters: Hashable, Sendable {
    package struct Item: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    package var items: [Item]

    package init(_ items: [Item] = []) { self.items = items }

    /// - Parameter encoded: `a=1&b=x%20y+z`.
    package init(encoded: Substring) {
        items = encoded.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Item(
                name: Self.decoded(parts[0], isForm: true),
                value: parts.count > 1 ? Self.decoded(parts[1], isForm: true) : "")
        }
    }

    /// The first value of this name.
    package subscript(name: String) -> String? { items.first { $0.name == name }?.value }

    /// The first value of this name, unless it is empty.
    package func filled(_ name: String) -> String? { self[name].flatMap { $0.isEmpty ? nil : $0 } }

    package func int(_ name: String) -> Int? { self[name].flatMap { Int($0) } }

    /// Percent-encoding undone; in forms and queries a plus is a space.
    static func decoded(_ text: Substring, isForm: Bool) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(isForm && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// As part of an address: what is not unreserved is percent-encoded.
    package static func encoded(_ text: String) -> String {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        return text.utf8.reduce(into: "") { result, byte in
            if unreserved.contains(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                result += (byte < 16 ? "%0" : "%") + hex
            }
        }
    }
}
