import Domain
import UseCases

/// Takes in what came of comparing: pairs, and the groups that follow from them.
extension DatabaseDuplicates {
    /// In one transaction: the place in the log, the pairs, the groups, and the news for those who hold facts in memory.
    package func settle(_ step: DuplicateStep) async throws -> Bool {
        try await context.write { transaction in
            let connection = transaction.connection
            guard try Self.advance(from: step.from, to: step.to, connection) else { return false }
            let compared = step.compared.map(\.contentKey)
            let old = try Self.partnerKeys(of: compared, connection)
            // What has no partner and had none belongs to no group: most do not.
            var touched = Set(old.keys).union(old.values.joined())
            if !old.isEmpty {
                let keys = Query.oneOf(compared)
                try connection.perform("DELETE FROM duplicate_pair WHERE one \(keys) OR other \(keys)")
            }
            for recording in step.compared { try Self.note(recording, connection) }
            for pair in step.pairs {
                try Self.write(pair, connection)
                touched.formUnion([pair.one, pair.other])
            }
            var batch = CatalogueBatch(connection: connection, now: transaction.now)
            try Self.regroup(touched, &batch)
            try batch.flush()
            return true
        }
    }

    /// False when the place is another one by now.
    private static func advance(from: Int64, to: Int64, _ connection: any Connection) throws -> Bool {
        let moved = try connection.execute(
            "UPDATE catalogue_counter SET value = \(to) WHERE name = \(placeName) AND value = \(from)")
        if moved > 0 || from > 0 { return moved > 0 }
        return try connection.execute(
            """
            INSERT INTO catalogue_counter (name, value) VALUES (\(placeName), \(to)) ON CONFLICT (name) DO NOTHING
            """) > 0
    }

    private static func note(_ recording: Recording, _ connection: any Connection) throws {
        try connection.perform(
            """
            INSERT INTO recording (content_key, heard_at, has_fingerprint)
            VALUES (\(recording.contentKey), \(recording.heardAt), \(recording.fingerprint != nil))
            ON CONFLICT (content_key) DO UPDATE
            SET heard_at = excluded.heard_at, has_fingerprint = excluded.has_fingerprint
            """)
    }

    /// A pair may be found from both sides in one step.
    private static func write(_ pair: DuplicatePair, _ connection: any Connection) throws {
        let isInOrder = pair.one.utf8.lexicographicallyPrecedes(pair.other.utf8)
        let (one, other) = isInOrder ? (pair.one, pair.other) : (pair.other, pair.one)
        for key in [one, other] {
            try connection.execute(
                """
                INSERT INTO recording (content_key, heard_at, has_fingerprint) VALUES (\(key), 0, 0)
                ON CONFLICT (content_key) DO NOTHING
                """)
        }
        var match: FingerprintMatch?
        var likeness: Double?
        switch isInOrder ? pair.evidence : pair.evidence.reversed {
        case .sameContent: return
        case .sameFingerprint(let found): match = found
        case .probable(let cosine): likeness = cosine
        }
        try connection.execute(
            """
            INSERT INTO duplicate_pair (one, other, bit_error_rate, overlap_ms, offset_ms, likeness)
            VALUES (\(one), \(other), \(match?.bitErrorRate), \(match?.overlapMs), \(match?.offsetMs), \(likeness))
            ON CONFLICT (one, other) DO UPDATE SET bit_error_rate = excluded.bit_error_rate,
                overlap_ms = excluded.overlap_ms, offset_ms = excluded.offset_ms, likeness = excluded.likeness
            """)
    }

    private struct Keys: Equatable {
        var group: String?
        var recording: String?
    }

    /// Groups only grow, split or vanish round what was touched: all that hung together with it is looked at again.
    private static func regroup(_ touched: Set<String>, _ batch: inout CatalogueBatch) throws {
        let connection = batch.connection
        var before: [String: Keys] = [:]
        for key in touched.sorted() where before[key] == nil {
            try connection.forEach(
                """
                SELECT content_key, group_key, recording_key FROM recording WHERE content_key = \(key)
                UNION SELECT content_key, group_key, recording_key FROM recording
                WHERE group_key = (SELECT group_key FROM recording WHERE content_key = \(key))
                """
            ) { before[$0.text(0) ?? ""] = Keys(group: $0.text(1), recording: $0.text(2)) }
        }
        var (groups, sure) = (Components(), Components())
        for key in before.keys {
            try connection.forEach("SELECT other, bit_error_rate FROM duplicate_pair WHERE one = \(key)") { row in
                guard let other = row.text(0) else { return }
                groups.join(key, other)
                if row.double(1) != nil { sure.join(key, other) }
            }
        }
        for (key, old) in before.sorted(by: { $0.key < $1.key }) {
            let new = Keys(group: groups.name(key), recording: sure.name(key))
            guard new != old else { continue }
            try connection.execute(
                """
                UPDATE recording SET group_key = \(new.group), recording_key = \(new.recording)
                WHERE content_key = \(key)
                """)
            guard new.recording != old.recording else { continue }
            for id in try connection.all("SELECT id FROM track WHERE content_key = \(key)", { $0.int(0) ?? 0 }) {
                batch.vectorChanged(id)
            }
        }
    }
}
