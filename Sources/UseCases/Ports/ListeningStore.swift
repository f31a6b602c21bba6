import Domain

/// What accounts have played, starred and rated.
package protocol ListeningStore: Sendable {
    /// Takes down a play; the same account, track and start again are one play, which only grows: it ends, it was heard
    /// for longer. When it begins to count as a listen, it joins the outbox of each connected service at once.
    func report(_ report: PlayReport, account: Int64) async throws -> Play
    /// The newest first.
    func plays(account: Int64, listensOnly: Bool, page: PageRequest) async throws -> Page<Play>

    /// All of them or none. A star that is there keeps its time. Throws `notFound` for what is not in the library.
    func star(_ subjects: [MarkSubject], account: Int64) async throws
    func unstar(_ subjects: [MarkSubject], account: Int64) async throws
    /// Nil takes the rating away.
    func rate(_ subject: MarkSubject, _ rating: Int?, account: Int64) async throws
    /// Those that there are, by id.
    func marks(of kind: MarkKind, ids: [Int64], account: Int64) async throws -> [Int64: Mark]
    /// Of those albums of which the account has heard something, by id.
    func heard(ofAlbums ids: [Int64], account: Int64) async throws -> [Int64: Heard]
    /// Ids of tracks.
    func tracks(_ order: PersonalOrder, account: Int64, filter: TrackFilter, page: PageRequest) async throws -> Page<
        Int64
    >
}

extension ListeningStore {
    package func star(_ subject: MarkSubject, account: Int64) async throws {
        try await star([subject], account: account)
    }

    package func unstar(_ subject: MarkSubject, account: Int64) async throws {
        try await unstar([subject], account: account)
    }
}
