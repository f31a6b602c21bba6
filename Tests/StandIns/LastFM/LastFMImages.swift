/// The pictures that Last.fm names in its answers.
enum LastFMImages {
    /// A star on grey: what stands where there is no picture.
    static let starHash = "2a96cbd8b46e442fc41c2b86b821562f"
    private static let starSeed: UInt64 = 5
    private static let sizes = [
        ("small", "34s"), ("medium", "64s"), ("large", "174s"), ("extralarge", "300x300"), ("mega", "300x300"),
        ("", "300x300"),
    ]

    /// Artists have no pictures but the star.
    static func ofArtist(origin: String) -> [Node] { nodes(hash: starHash, origin: origin) }

    static func of(_ release: Catalogue.Release, origin: String) -> [Node] {
        nodes(hash: release.coverSeed == nil ? nil : hash(of: release), origin: origin)
    }

    /// - Parameter hash: nil where even the star is missing.
    private static func nodes(hash: String?, origin: String) -> [Node] {
        sizes.map { name, folder in
            Node("image", hash.map { "\(origin)/i/u/\(folder)/\($0).png" } ?? "", [("size", .string(name))])
        }
    }

    private static func hash(of release: Catalogue.Release) -> String { Digest.md5(release.id) }

    /// Pixels on each side.
    static func side(ofSize folder: String) -> Int? {
        ["34s": 34, "64s": 64, "174s": 174, "300x300": 300][folder]
    }

    static func coverSeed(ofFile name: String, in catalogue: Catalogue) -> UInt64? {
        guard name.hasSuffix(".png") else { return nil }
        let hash = name.dropLast(4)
        if hash == starHash { return starSeed }
        return catalogue.releases.first { Self.hash(of: $0) == hash }?.coverSeed
    }
}
