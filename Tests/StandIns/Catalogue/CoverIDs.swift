/// The numbers that the Cover Art Archive gives to pictures.
enum CoverIDs {
    static func front(of release: Catalogue.Release) -> Int { 10_000_000_000 + Counts.plays(release.id) * 10 }
    static func back(of release: Catalogue.Release) -> Int { front(of: release) + 1 }
}
