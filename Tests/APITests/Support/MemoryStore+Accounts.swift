import Domain
import UseCases

extension MemoryStore: AccountStore {
    func addAccount(_ account: NewAccount) async throws -> Account {
        try perform { state in
            guard !state.accounts.contains(where: { $0.name == account.name }) else {
                throw StoreError.conflict("the name is taken")
            }
            let id = (state.accounts.map(\.id).max() ?? 0) + 1
            let new = Account(
                id: id, name: account.name, role: account.role, hasPassword: account.password != nil,
                createdAt: MemoryStore.now)
            state.accounts.append(new)
            state.passwords[id] = account.password
            return new
        }
    }

    func accounts() async throws -> [Account] { try perform { $0.accounts } }

    func account(id: Int64) async throws -> Account {
        try perform { try MemoryStore.find(id, in: $0.accounts, by: \.id) }
    }

    func account(named name: String) async throws -> Account {
        try perform { try MemoryStore.find(name, in: $0.accounts, by: \.name) }
    }

    func changeAccount(id: Int64, _ change: AccountChange) async throws -> Account {
        try perform { state in
            var account = try MemoryStore.find(id, in: state.accounts, by: \.id)
            account.name = change.name ?? account.name
            account.role = change.role ?? account.role
            account.hasPassword = account.hasPassword || change.password != nil
            if let isDisabled = change.isDisabled { account.disabledAt = isDisabled ? MemoryStore.now : nil }
            if let password = change.password {
                state.passwords[id] = password
                state.tokens.removeAll {
                    $0.token.accountID == id && $0.token.isSession && $0.token.id != change.keptSession
                }
            }
            state.accounts = state.accounts.map { $0.id == id ? account : $0 }
            return account
        }
    }

    func removeAccount(id: Int64) async throws {
        try perform { state in
            _ = try MemoryStore.find(id, in: state.accounts, by: \.id)
            guard state.accounts.contains(where: { $0.id != id && $0.role == .admin }) else {
                throw StoreError.conflict("this is the last administrator; make another one first")
            }
            state.accounts.removeAll { $0.id == id }
            state.tokens.removeAll { $0.token.accountID == id }
        }
    }

    func verify(name: String, password: String) async throws -> Account? {
        try perform { state in
            state.accounts.first { $0.name == name && $0.disabledAt == nil && state.passwords[$0.id] == password }
        }
    }

    func signIn(
        name: String, password: String, expiresAt: Int64
    ) async throws -> (token: AccessToken, secret: String)? {
        guard let account = try await verify(name: name, password: password) else { return nil }
        return try perform { state in
            let id = (state.tokens.map(\.token.id).max() ?? 0) + 1
            let token = AccessToken(
                id: id, accountID: account.id, name: account.name, role: account.role.access,
                createdAt: MemoryStore.now, expiresAt: expiresAt, lastUsedAt: nil, parentID: AccessToken.byPassword)
            state.tokens.append((token, "session-\(id)"))
            return (token, "session-\(id)")
        }
    }
}

extension MemoryStore: ListeningStore {
    func report(_ report: PlayReport, account: Int64) async throws -> Play {
        try perform { state in
            let track = try MemoryStore.find(report.trackID, in: state.tracks, by: \.id)
            let durationMs = track.properties.durationMs.map(Int64.init)
            let startedAt = report.start(now: MemoryStore.now, durationMs: durationMs)
            let plays = state.plays[account, default: []]
            let place = plays.firstIndex { $0.trackID == track.id && $0.startedAt == startedAt }
            var play =
                place.map { plays[$0] }
                ?? Play(
                    id: Int64(plays.count + 1), trackID: track.id, startedAt: startedAt, playedMs: nil,
                    client: report.client, isFinished: false, counts: false)
            if report.submission == .finished {
                play.isFinished = true
                play.playedMs = [play.playedMs, report.playedMs].compactMap { $0 }.max()
                play.counts =
                    play.counts || report.isSubmitted
                    || ListenRule.counts(playedMs: play.playedMs, durationMs: durationMs)
            }
            if let place { state.plays[account]?[place] = play } else { state.plays[account, default: []].append(play) }
            return play
        }
    }

    func plays(account: Int64, listensOnly: Bool, page: PageRequest) async throws -> Page<Play> {
        try perform { state in
            try MemoryStore.page(
                state.plays[account, default: []].reversed().filter { $0.counts || !listensOnly }, page)
        }
    }

    func star(_ subjects: [MarkSubject], account: Int64) async throws {
        for subject in subjects { try mark(subject, account) { $0.starredAt = MemoryStore.now } }
    }

    func unstar(_ subjects: [MarkSubject], account: Int64) async throws {
        for subject in subjects { try mark(subject, account) { $0.starredAt = nil } }
    }

    func rate(_ subject: MarkSubject, _ rating: Int?, account: Int64) async throws {
        try mark(subject, account) { $0.rating = rating }
    }

    private func mark(_ subject: MarkSubject, _ account: Int64, _ change: (inout Mark) -> Void) throws {
        try perform { state in
            switch subject {
            case .track(let id): _ = try MemoryStore.find(id, in: state.tracks, by: \.id)
            case .album(let id): _ = try MemoryStore.find(id, in: state.albums, by: \.id)
            case .artist(let id): _ = try MemoryStore.find(id, in: state.artists, by: \.id)
            }
            change(&state.marks[account, default: [:]][subject, default: .none])
        }
    }

    func heard(ofAlbums ids: [Int64], account: Int64) async throws -> [Int64: Heard] {
        try perform { state in
            let marks = state.marks[account, default: [:]]
            return ids.reduce(into: [:]) { heard, id in
                let tracks = state.tracks.filter { $0.albumID == id }.compactMap { marks[.track($0.id)] }
                let plays = tracks.reduce(0) { $0 + $1.plays }
                if plays > 0 { heard[id] = Heard(plays: plays, lastPlayedAt: tracks.compactMap(\.lastPlayedAt).max()) }
            }
        }
    }

    func marks(of kind: MarkKind, ids: [Int64], account: Int64) async throws -> [Int64: Mark] {
        try perform { state in
            let marks = state.marks[account, default: [:]].filter { $0.key.kind == kind && ids.contains($0.key.id) }
            return Dictionary(uniqueKeysWithValues: marks.map { ($0.key.id, $0.value) })
        }
    }

    func tracks(
        _ order: PersonalOrder, account: Int64, filter: TrackFilter, page: PageRequest
    ) async throws -> Page<Int64> {
        try perform { state in
            let marks = state.marks[account, default: [:]].filter { $0.key.kind == .track && $0.value.starredAt != nil }
            return try MemoryStore.page(marks.map(\.key.id).sorted(), page)
        }
    }
}
