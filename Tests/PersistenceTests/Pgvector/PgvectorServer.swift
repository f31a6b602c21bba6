import Domain
import Synchronization
import TestSupport
import Testing
import UseCases

@testable import Persistence

/// Servers with the extension, which `ops/test` starts where their packages can be had.
enum PgvectorServer: CaseIterable, CustomStringConvertible {
    /// The oldest that is to be had: no numbers of 16 bits, no iterative scans.
    case old
    case new

    private static let oldCluster = TestCluster.named("SILLON_TEST_PGVECTOR_OLD_URL")
    private static let newCluster = TestCluster.named("SILLON_TEST_PGVECTOR_URL")

    static var available: [PgvectorServer] { allCases.filter { $0.cluster != nil } }
    static var isAvailable: Bool { available == allCases }

    var description: String { self == .old ? "pgvector 0.6" : "pgvector 0.8" }

    private var cluster: TestCluster? { self == .old ? Self.oldCluster : Self.newCluster }

    /// A fresh database with the newest schema.
    func open() async throws -> DisposableDatabase {
        guard let cluster else { throw TestCluster.Absent() }
        return try await cluster.open()
    }
}

/// A library on such a server, and its vectors.
struct PgvectorLibrary {
    let database: DisposableDatabase
    let bench: CatalogueBench
    let vectors: PgvectorVectors
    let events = Events()

    final class Events: Sendable {
        private let all = Mutex<[PgvectorEvent]>([])

        func add(_ event: PgvectorEvent) { all.withLock { $0.append(event) } }
        func contains(where fits: (PgvectorEvent) -> Bool) -> Bool { all.withLock { $0.contains(where: fits) } }
    }

    init(_ server: PgvectorServer, dimension: Int = 2) async throws {
        database = try await server.open()
        bench = CatalogueBench(database)
        vectors = PgvectorVectors(database: database.base, model: "acoustic-v1", dimension: dimension) { [events] in
            events.add($0)
        }
    }

    /// As another process would see the same library.
    func other(dimension: Int = 2) -> PgvectorVectors {
        PgvectorVectors(database: database.base, model: "acoustic-v1", dimension: dimension) { _ in }
    }

    /// Everything that a question may name, all of it admitted.
    func gate() async throws -> VectorGate {
        let ids = try await database.read { try $0.all("SELECT id FROM track ORDER BY id") { $0.int(0) ?? 0 } }
        return VectorGate(admits: { _ in true }, admitted: { ids })
    }

    /// Tracks with these vectors, as if they had been heard: number n has the id n + 1, the year 1900 + n % 100.
    func fill(_ vectors: [[Float]]) async throws {
        let details = TrackDetails(metadata: TrackMetadata(), properties: AudioProperties(codec: "flac")).json()
        try await database.write { connection in
            try connection.execute("INSERT INTO folder (id, path) VALUES (1, \(Array("/music".utf8)))")
            for (number, vector) in vectors.enumerated() {
                try connection.perform(
                    """
                    INSERT INTO track (id, folder_id, name, state, size, mtime_ns, inode, device, added_at, indexed_at,
                        content_key, title, year, codec, details)
                    VALUES (\(number + 1), 1, \(Array("\(number)".utf8)), 0, 1, 1, \(number), 1, 0, 0, \("c\(number)"),
                        \("t\(number)"), \(1900 + number % 100), 'flac', \(details))
                    """)
                try connection.perform(
                    """
                    INSERT INTO embedding (content_key, model, computed_at, vector)
                    VALUES (\("c\(number)"), 'acoustic-v1', 0, \(Self.bytes(vector)))
                    """)
            }
            var batch = CatalogueBatch(connection: connection, now: 0)
            for number in vectors.indices { batch.vectorChanged(Int64(number + 1)) }
            try batch.flush()
        }
    }

    private static func bytes(_ vector: [Float]) -> [UInt8] {
        vector.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
    }
}
