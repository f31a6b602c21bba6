import Domain
import UseCases

@testable import Persistence

/// Accounts and tracks of known length on a real database.
struct ListeningBench: Sendable {
    let queue: QueueBench
    let ada: Account
    let grace: Account
    /// Of 200 s, but for the last, which has 20.
    let tracks: [Int64]
    let albumID: Int64

    var accounts: DatabaseAccountStore { queue.stores.accounts }
    var listening: DatabaseListeningStore { queue.stores.listening }
    var now: Int64 { queue.time.wall }

    init(_ engine: Engine, trackCount: Int = 4) async throws {
        queue = try await QueueBench(engine)
        ada = try await queue.stores.accounts.addAccount(NewAccount(name: "Ada", role: .admin, password: nil))
        grace = try await queue.stores.accounts.addAccount(NewAccount(name: "Grace", role: .user, password: nil))
        (albumID, tracks) = try await queue.database.write { connection in
            let folderID = try connection.insert("INSERT INTO folder (path) VALUES (\(FilePath("/music").bytes))")
            let albumID = try connection.insert("INSERT INTO album (key, title) VALUES ('a', 'Tides')")
            let tracks = try (1...trackCount).map { number in
                let (name, length) = (Array("\(number).flac".utf8), number == trackCount ? 20_000 : 200_000)
                return try connection.insert(
                    """
                    INSERT INTO track (folder_id, name, state, size, mtime_ns, inode, device, album_id, added_at,
                        indexed_at, title, artist, duration_ms, codec, details)
                    VALUES (\(folderID), \(name), 0, 1, 1, \(number), 1, \(albumID), 0, 0, \("Song \(number)"), 'Mira',
                        \(length), 'flac', \(Self.details(title: "Song \(number)")))
                    """)
            }
            return (albumID, tracks)
        }
    }

    private static func details(title: String) -> String {
        var metadata = TrackMetadata()
        (metadata.title, metadata.artists, metadata.album) = (title, ["Mira"], "Tides")
        var properties = AudioProperties(codec: "flac")
        properties.durationMs = 200_000
        return TrackDetails(metadata: metadata, properties: properties).json()
    }

    @discardableResult
    func play(
        _ place: Int, by account: Account? = nil, at startedAt: Int64? = nil, seconds: Int64? = 200,
        _ submission: Play.Submission = .finished
    ) async throws -> Play {
        try await listening.report(
            PlayReport(
                trackID: tracks[place], submission: submission, startedAt: startedAt,
                playedMs: seconds.map { $0 * 1000 }), account: (account ?? ada).id)
    }

    func mark(_ place: Int, of account: Account? = nil) async throws -> Mark {
        try await listening.marks(of: .track, ids: tracks, account: (account ?? ada).id)[tracks[place]] ?? .none
    }
}
