/// Songs of an artist among those of artists that sound alike, drawn by chance.
package enum ArtistMix {
    /// Of so many songs, one is the artist's own, as long as there are enough of others.
    private static let ownOneOf = 4

    /// None twice; fewer where there are no more.
    package static func draw(
        _ count: Int, own: [Track], similar: [Track], using random: inout some RandomNumberGenerator
    ) -> [Track] {
        let ownIDs = Set(own.map(\.id))
        let others = similar.filter { !ownIDs.contains($0.id) }.shuffled(using: &random)
        let own = own.shuffled(using: &random)
        let ownCount = max((count + ownOneOf - 1) / ownOneOf, count - others.count)
        return (own.prefix(ownCount) + others.prefix(count - min(ownCount, own.count))).shuffled(using: &random)
    }
}
