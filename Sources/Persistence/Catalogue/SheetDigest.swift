import Contracts
import Crypto
import Domain

/// By what a sheet is known again: a hash of what it says of one file.
enum SheetDigest {
    private static let embedded = "embedded:"

    static func of(_ cut: SheetCut) -> String {
        Hex.encode(Array(SHA256.hash(data: Array(ContractJSON.encode(cut).utf8)).prefix(16)))
    }

    /// Of a sheet in the tags of the file that it cuts.
    static func ofEmbedded(_ cut: SheetCut) -> String { embedded + of(cut) }

    static func isEmbedded(_ digest: String) -> Bool { digest.hasPrefix(embedded) }
}
