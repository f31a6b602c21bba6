/// `api_sig` (last.fm/api/authspec, section 8).
package enum LastFMSignature {
    private static let unsigned: Set = ["format", "callback", "api_sig"]

    /// MD5 over names and values in the order of the names' bytes, with the secret at the end; lower case.
    package static func sign(_ parameters: [Parameters.Item], secret: String) -> String {
        let signed = parameters.filter { !unsigned.contains($0.name) }.sorted {
            $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        return Digest.md5(signed.map { $0.name + $0.value }.joined() + secret)
    }
}
