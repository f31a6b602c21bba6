import Crypto
import Foundation
import UseCases

/// How a message to a webhook is signed: as the Standard Webhooks specification 1.0 says, so that its libraries can
/// check it. <https://www.standardwebhooks.com>
enum WebhookSignature {
    static let idHeader = "webhook-id"
    static let timestampHeader = "webhook-timestamp"
    static let signatureHeader = "webhook-signature"

    /// `v1,` and the base64 of HMAC-SHA256 over `ID.TIMESTAMP.BODY`.
    /// - Parameter timestamp: seconds since the epoch.
    static func text(id: String, timestamp: Int64, body: String, key: WebhookKey) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(id).\(timestamp).\(body)".utf8), using: SymmetricKey(data: key.bytes))
        return "v1," + Data(code).base64EncodedString()
    }
}
