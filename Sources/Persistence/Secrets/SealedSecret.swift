import Crypto
import UseCases

/// A secret as it lies in the database: AES-256-GCM. What it is for, and whose, is sealed with it, so that a row that was
/// copied to another place opens nothing.
struct SealedSecret: Hashable, Sendable {
    let keyID: String
    /// Nonce, ciphertext and tag.
    let sealed: [UInt8]

    init(keyID: String, sealed: [UInt8]) {
        self.keyID = keyID
        self.sealed = sealed
    }

    init(_ secret: [UInt8], account: Int64, name: String, key: KeyRing.Key) throws {
        let box = try AES.GCM.seal(
            secret, using: key.symmetric, authenticating: Self.place(account: account, name: name, keyID: key.id))
        guard let combined = box.combined else { throw StoreError.fatal("a secret could not be sealed") }
        keyID = key.id
        sealed = Array(combined)
    }

    /// Throws `fatal` when the key is not there, or this is not what was sealed.
    func open(account: Int64, name: String, with keys: KeyRing) throws -> [UInt8] {
        guard let key = keys[keyID] else {
            throw StoreError.fatal(
                "the key \(keyID) is not in the key file: put the one back that belongs to this database")
        }
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            let place = Self.place(account: account, name: name, keyID: keyID)
            return Array(try AES.GCM.open(box, using: key.symmetric, authenticating: place))
        } catch {
            throw StoreError.fatal("the secret \"\(name)\" of account \(account) is damaged, or was moved here")
        }
    }

    private static func place(account: Int64, name: String, keyID: String) -> [UInt8] {
        Array("sillon secret 1\n\(keyID)\n\(account)\n\(name)".utf8)
    }
}
