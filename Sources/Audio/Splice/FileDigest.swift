import Crypto
import Domain

/// SHA-256 in hexadecimal digits.
struct FileDigest: Hashable, Codable, Sendable {
    private let text: String

    init(_ digest: SHA256.Digest) { text = Hex.encode(Array(digest)) }
    init(of bytes: some Sequence<UInt8>) { self.init(SHA256.hash(data: Array(bytes))) }

    init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
