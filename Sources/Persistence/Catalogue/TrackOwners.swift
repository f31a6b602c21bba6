/// What a track contributes to, of what may bear marks.
struct TrackOwners {
    let albumID: Int64?
    let artistIDs: Set<Int64>

    /// Who takes the place of whom, when a track goes from these to others: an album of an album, and an artist of an
    /// artist where one left and one came. When several did, nobody can tell.
    func heirs(_ after: TrackOwners) -> [TallyBatch.Owner: TallyBatch.Owner] {
        var heirs: [TallyBatch.Owner: TallyBatch.Owner] = [:]
        if let albumID, let next = after.albumID, next != albumID {
            heirs[TallyBatch.Owner(kind: .album, id: albumID)] = TallyBatch.Owner(kind: .album, id: next)
        }
        let (left, came) = (artistIDs.subtracting(after.artistIDs), after.artistIDs.subtracting(artistIDs))
        if left.count == 1, came.count == 1, let old = left.first, let new = came.first {
            heirs[TallyBatch.Owner(kind: .artist, id: old)] = TallyBatch.Owner(kind: .artist, id: new)
        }
        return heirs
    }
}
