import Crypto

/// Hashes as hexadecimal digits, and ids made of them.
package enum Digest {
    package static func md5(_ text: String) -> String { hex(Insecure.MD5.hash(data: Array(text.utf8))) }

    package static func sha256(_ text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    package static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// A secret as a journal may show it: enough to tell two apart.
    package static func mark(_ secret: String) -> String { "sha256:" + hex(sha256(secret).prefix(8)) }

    /// The id of something that has only a name: always the same.
    package static func uuid(of kind: String, _ names: String...) -> String {
        uuid(fromHex: md5(([kind] + names).joined(separator: "\u{1F}")), version: "3")
    }

    static func uuid(fromHex digits: String, version: Character) -> String {
        var hex = Array(digits.prefix(32))
        hex[12] = version
        hex[16] = "8"
        let cuts = [0, 8, 12, 16, 20, 32]
        return zip(cuts, cuts.dropFirst()).map { String(hex[$0..<$1]) }.joined(separator: "-")
    }

    /// Base 64 as addresses take it: without padding (RFC 4648, section 5).
    package static func base64URL(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = Array(bytes[start..<min(start + 3, bytes.count)])
            let bits = (0..<3).reduce(0) { $0 << 8 | Int($1 < group.count ? group[$1] : 0) }
            for position in 0...group.count { text.append(alphabet[bits >> (18 - 6 * position) & 63]) }
        }
        return text
    }
}
