import Domain
import UseCases

extension MemoryStore: AppPasswordStore {
    func createAppPassword(
        account: Int64, name: String, role: AccessRole
    ) async throws -> (token: AccessToken, secret: String) {
        try perform { state in
            let id = (state.tokens.map(\.token.id).max() ?? 0) + 1
            let token = AccessToken(
                id: id, accountID: account, name: name, role: role, createdAt: MemoryStore.now, expiresAt: nil,
                lastUsedAt: nil, isAppPassword: true)
            let secret = "sillon_app-\(id)"
            state.tokens.append((token, secret))
            return (token, secret)
        }
    }

    func appPasswords(ofAccountNamed name: String) async throws -> [OpenedAppPassword] {
        try perform { state in
            state.appPasswordReadings += 1
            guard let account = state.accounts.first(where: { $0.name == name && $0.disabledAt == nil }) else {
                return []
            }
            return state.tokens.filter { $0.token.accountID == account.id && $0.token.isAppPassword }.map {
                OpenedAppPassword(tokenID: $0.token.id, accountID: account.id, secret: $0.secret)
            }
        }
    }
}

extension MemoryStore: CreditStore {
    func credits(ofTracks ids: [Int64]) async throws -> [Int64: TrackCredits] {
        try perform { state in
            let tracks = state.tracks.filter { ids.contains($0.id) }
            return Dictionary(
                uniqueKeysWithValues: tracks.map { track in
                    let artists = zip(track.artistIDs, track.metadata.artists).map(TrackCredits.Artist.init)
                    return (track.id, TrackCredits(artists: artists))
                })
        }
    }

    func openings(ofAlbums ids: [Int64]) async throws -> [Int64: AlbumOpening] {
        try perform { state in
            let groups = Dictionary(grouping: state.tracks.filter { $0.state == .present }) { $0.albumID ?? 0 }
            return groups.filter { ids.contains($0.key) }.mapValues { tracks in
                AlbumOpening(trackID: tracks.map(\.id).min() ?? 0, addedAt: tracks.map(\.addedAt).min() ?? 0)
            }
        }
    }
}
