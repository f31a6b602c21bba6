import UseCases

extension DatabaseAudit {
    /// Whether the engine itself finds its data whole.
    func soundness() async throws -> [Check] {
        switch database.dialect {
        case .sqlite: try await fileSoundness()
        case .postgres: try await serverSoundness()
        }
    }

    /// Compares every index with its table, and every foreign key with what it points to.
    private func fileSoundness() async throws -> [Check] {
        let (damage, dangling) = try await database.read { connection in
            (
                try connection.all("PRAGMA integrity_check(10)") { $0.text(0) ?? "" }.filter { $0 != "ok" },
                try connection.all("PRAGMA foreign_key_check") { $0.text(0) ?? "" }
            )
        }
        return [
            Check("damaged places in the file", count: damage.count, detail: damage.joined(separator: "; ")),
            Check(
                "rows that point to what is not there", count: dangling.count,
                detail: Set(dangling).sorted().joined(separator: ", ")),
        ]
    }

    /// Reads every row of every table, as far as a user without special rights can look.
    private func serverSoundness() async throws -> [Check] {
        let invalid = try await database.read { connection in
            try connection.all(
                """
                SELECT CAST(relname AS text) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                    WHERE NOT indisvalid AND relnamespace = to_regnamespace(quote_ident(current_schema()))
                UNION ALL SELECT CAST(conname AS text) FROM pg_constraint
                    WHERE NOT convalidated AND connamespace = to_regnamespace(quote_ident(current_schema()))
                """
            ) { $0.text(0) ?? "" }
        }
        var unreadable: [String] = []
        do {
            _ = try await database.read { try TableDigest.all(on: $0) }
        } catch StoreError.fatal(let why) {
            unreadable = [why]
        }
        return [
            Check("tables that cannot be read", count: unreadable.count, detail: unreadable.joined()),
            Check(
                "indexes and constraints that are not valid", count: invalid.count,
                detail: invalid.joined(separator: ", ")),
        ]
    }
}
