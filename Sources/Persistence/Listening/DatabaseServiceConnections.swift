import Contracts
import Domain
import UseCases

/// Connections to services outside: who somebody is there, and, encrypted, what opens it.
package struct DatabaseServiceConnections: CredentialVault, ServiceConnectionStore {
    let context: QueueContext
    /// Nil where there is no place for keys: then nothing can be connected.
    let keys: KeyFile?

    static func secretName(_ service: ServiceID) -> String { "service:\(service.rawValue)" }

    /// What is sealed.
    private struct Sealed: Codable {
        var secret: String
        var renewal: String?
        var endsAt: Int64?

        enum CodingKeys: String, CodingKey {
            case secret, renewal
            case endsAt = "ends_at"
        }
    }

    package func connections(account: Int64) async throws -> [ServiceConnection] {
        try await context.database.read { try Self.connections(account, $0) }
    }

    private static func connections(_ account: Int64, _ connection: any Connection) throws -> [ServiceConnection] {
        try connection.all(
            """
            SELECT service, user_name, connected_at, problem, problem_at, (SELECT COUNT(*) FROM listen
                WHERE listen.account_id = service_connection.account_id AND target = service AND state = 'waiting'),
                (SELECT failure_message FROM task
                    WHERE dedupe_key = 'submit_listens ' || service_connection.account_id || ' ' || service)
            FROM service_connection WHERE account_id = \(account) ORDER BY service
            """
        ) { row in
            ServiceID(rawValue: row.text(0) ?? "").map { service in
                ServiceConnection(
                    service: service, userName: row.text(1) ?? "", connectedAt: row.int(2) ?? 0, problem: row.text(3),
                    problemAt: row.int(4), waiting: Int(clamping: row.int(5) ?? 0), waitingBecause: row.text(6))
            }
        }.compactMap { $0 }
    }

    package func connect(
        _ service: ServiceID, as outside: ServiceAccount, account: Int64
    ) async throws -> ServiceConnection {
        guard let keys else { throw Self.noKeys }
        let clear = Self.clear(outside)
        return try await context.write(durable: true) { transaction in
            let connection = transaction.connection
            _ = try transaction.account(account)
            try transaction.putSecret(clear, account: account, name: Self.secretName(service), keys: keys)
            try connection.execute(
                """
                INSERT INTO service_connection (account_id, service, user_name, connected_at)
                VALUES (\(account), \(service.rawValue), \(outside.name), \(transaction.now))
                ON CONFLICT (account_id, service) DO UPDATE SET user_name = excluded.user_name,
                    connected_at = excluded.connected_at, problem = NULL, problem_at = NULL
                """)
            try transaction.wakeOutbox(account, service)
            let all = try Self.connections(account, connection)
            guard let made = all.first(where: { $0.service == service }) else {
                throw StoreError.fatal("a connection was not kept")
            }
            return made
        }
    }

    package func disconnect(_ service: ServiceID, account: Int64) async throws {
        try await context.write(durable: true) { transaction in
            let connection = transaction.connection
            let gone = try connection.execute(
                "DELETE FROM service_connection WHERE account_id = \(account) AND service = \(service.rawValue)")
            guard gone > 0 else { throw StoreError.notFound("there is no connection to \(service.title)") }
            try connection.execute(
                """
                DELETE FROM account_secret WHERE account_id = \(account) AND name = \(Self.secretName(service))
                """)
            try connection.execute(
                """
                DELETE FROM listen WHERE account_id = \(account) AND target = \(service.rawValue)
                    AND state = 'waiting'
                """)
            // The batch that is under way would be sent to the account that is connected next.
            let task = try connection.first(
                "SELECT id FROM task WHERE dedupe_key = \(ListenOutbox.key(account, service))"
            ) { $0.int(0) ?? 0 }
            if let task {
                _ = try transaction.cancel([task], actor: "queue", detail: "the account was disconnected")
            }
        }
    }

    private static let noKeys = StoreError.fatal("there is no place for the key of secrets here")

    private static func clear(_ outside: ServiceAccount) -> [UInt8] {
        let sealed = Sealed(
            secret: outside.secret.value, renewal: outside.renewal?.value, endsAt: outside.endsAt)
        return Array(ContractJSON.encode(sealed).utf8)
    }

    package func accounts(connectedTo service: ServiceID) async throws -> [Int64] {
        try await context.database.read { connection in
            try connection.all(
                "SELECT account_id FROM service_connection WHERE service = \(service.rawValue) ORDER BY account_id"
            ) { $0.int(0) ?? 0 }
        }
    }

    package func keep(
        _ outside: ServiceAccount, of opened: OpenedConnection, _ service: ServiceID, account: Int64
    ) async throws {
        guard let keys else { throw Self.noKeys }
        let isRenewed = Self.clear(outside) != Self.clear(opened.account)
        try await context.write(durable: isRenewed) { transaction in
            let kept = try transaction.connection.execute(
                """
                UPDATE service_connection SET user_name = \(outside.name), problem = NULL, problem_at = NULL
                WHERE account_id = \(account) AND service = \(service.rawValue) AND connected_at = \(opened.connectedAt)
                """)
            guard kept > 0 else { return }
            if isRenewed {
                try transaction.putSecret(
                    Self.clear(outside), account: account, name: Self.secretName(service), keys: keys)
            }
            try transaction.wakeOutbox(account, service)
        }
    }

    package func complain(
        _ why: String, of opened: OpenedConnection, _ service: ServiceID, account: Int64
    ) async throws {
        let shown = NameKey.cut(why, toBytes: NameKey.maxNameBytes)
        _ = try await context.write { transaction in
            try transaction.connection.execute(
                """
                UPDATE service_connection SET problem = \(shown),
                    problem_at = CASE WHEN problem = \(shown) THEN problem_at ELSE \(transaction.now) END
                WHERE account_id = \(account) AND service = \(service.rawValue) AND connected_at = \(opened.connectedAt)
                """)
        }
    }

    package func opened(_ service: ServiceID, account: Int64) async throws -> OpenedConnection? {
        do {
            return try await open(service, account)
        } catch StoreError.fatal {
            // The keys may have changed between the row and the file.
            return try await open(service, account)
        }
    }

    private func open(_ service: ServiceID, _ account: Int64) async throws -> OpenedConnection? {
        let found = try await context.database.read { connection in
            try connection.first(
                """
                SELECT user_name, connected_at, key_id, sealed FROM service_connection
                JOIN account_secret ON account_secret.account_id = service_connection.account_id
                    AND account_secret.name = \(Self.secretName(service))
                WHERE service_connection.account_id = \(account) AND service = \(service.rawValue)
                """
            ) { row in
                (
                    name: row.text(0) ?? "", connectedAt: row.int(1) ?? 0,
                    secret: SealedSecret(keyID: row.text(2) ?? "", sealed: row.bytes(3) ?? [])
                )
            }
        }
        guard let found else { return nil }
        guard let ring = try keys?.read() else {
            throw StoreError.fatal("the key file that opens the secrets is gone: put it back")
        }
        let clear = try found.secret.open(account: account, name: Self.secretName(service), with: ring)
        let sealed: Sealed
        do {
            sealed = try ContractJSON.decode(Sealed.self, from: String(decoding: clear, as: UTF8.self))
        } catch {
            throw StoreError.fatal("the secret of \(service.title) cannot be read")
        }
        return OpenedConnection(
            account: ServiceAccount(
                name: found.name, secret: HiddenText(sealed.secret), renewal: sealed.renewal.map(HiddenText.init),
                endsAt: sealed.endsAt), connectedAt: found.connectedAt)
    }
}

extension DatabaseServiceConnections {
    /// Sees to outboxes that have listens and no task: whose task was cancelled, or died.
    package func wake() async throws {
        let waiting = try await context.database.read { connection in
            try connection.all("SELECT DISTINCT account_id, target FROM listen WHERE state = 'waiting'") { row in
                (account: row.int(0) ?? 0, service: ServiceID(rawValue: row.text(1) ?? ""))
            }
        }
        for case (let account, let service?) in waiting {
            try await context.write { try $0.wakeOutbox(account, service) }
        }
    }
}

extension QueueTransaction {
    /// A task for what waits for a service, unless there is one.
    mutating func wakeOutbox(_ account: Int64, _ service: ServiceID) throws {
        guard ServiceID.listenTargets.contains(service), try ListenOutbox.lock(account, service, connection) != nil
        else {
            return
        }
        guard let task = try ListenOutbox.wake(account, service, now: now, connection) else { return }
        try enqueue([EnqueuedTask(task, scanID: nil, parentID: nil)])
    }
}
