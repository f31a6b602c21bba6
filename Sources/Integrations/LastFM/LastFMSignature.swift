import Crypto
import Domain
import Foundation

/// `api_sig` (last.fm/api/authspec, section 8): names and values of all parameters in the order of the names' bytes,
/// then the shared secret; MD5 of it in hexadecimal digits.
enum LastFMSignature {
    private static let unsigned: Set = ["format", "callback", "api_sig"]

    static func of(_ parameters: [String: String], secret: Credential) -> String {
        let signed = parameters.filter { !unsigned.contains($0.key) }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let text = signed.map { $0.key + $0.value }.joined() + secret.value
        return Hex.encode(Array(Insecure.MD5.hash(data: Data(text.utf8))))
    }
}
