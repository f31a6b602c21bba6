/// Where a cover is found.
enum CoverURL {
    static func of(_ hash: String) -> String { "/v1/covers/\(hash)" }
}
