import Domain
import UseCases

extension MemoryStore: ServiceConnectionStore {
    func connections(account: Int64) async throws -> [ServiceConnection] {
        try perform { $0.connections[account, default: []] }
    }

    func connect(
        _ service: ServiceID, as outside: ServiceAccount, account: Int64
    ) async throws -> ServiceConnection {
        try perform { state in
            let new = ServiceConnection(service: service, userName: outside.name, connectedAt: MemoryStore.now)
            state.connections[account, default: []].removeAll { $0.service == service }
            state.connections[account, default: []].append(new)
            return new
        }
    }

    func accounts(connectedTo service: ServiceID) async throws -> [Int64] {
        try perform { state in
            state.connections.filter { $0.value.contains { $0.service == service } }.map(\.key).sorted()
        }
    }

    func opened(_ service: ServiceID, account: Int64) async throws -> OpenedConnection? {
        try perform { state in
            state.connections[account, default: []].first { $0.service == service }.map {
                OpenedConnection(
                    account: ServiceAccount(name: $0.userName, secret: HiddenText("session-secret")),
                    connectedAt: $0.connectedAt)
            }
        }
    }

    func keep(
        _ outside: ServiceAccount, of opened: OpenedConnection, _ service: ServiceID, account: Int64
    ) async throws {
        try note(nil, opened, service, account)
    }

    func complain(_ why: String, of opened: OpenedConnection, _ service: ServiceID, account: Int64) async throws {
        try note(why, opened, service, account)
    }

    private func note(_ problem: String?, _ opened: OpenedConnection, _ service: ServiceID, _ account: Int64) throws {
        try perform { state in
            let all = state.connections[account, default: []]
            guard
                let place = all.firstIndex(where: {
                    $0.service == service && $0.connectedAt == opened.connectedAt
                })
            else { return }
            state.connections[account]?[place].problem = problem
            state.connections[account]?[place].problemAt = problem.map { _ in MemoryStore.now }
        }
    }

    func disconnect(_ service: ServiceID, account: Int64) async throws {
        try perform { state in
            guard state.connections[account, default: []].contains(where: { $0.service == service }) else {
                throw StoreError.notFound("not connected")
            }
            state.connections[account, default: []].removeAll { $0.service == service }
        }
    }
}

/// A service that knows one password, one token and one answer of a browser: "good".
struct ScriptedSignIn: ServiceSignIn {
    let source: ServiceID
    let ways: Set<SignInWay>

    func webAddress(_ request: WebSignIn) -> String? {
        ways.contains(.web) ? "https://outside.example/auth?state=\(request.state)" : nil
    }

    func account(_ proof: SignInProof) async throws -> ServiceAccount {
        let secret =
            switch proof {
            case .token(let token), .password(_, let token), .returned(let token, _): token.value
            }
        switch secret {
        case "good": return ServiceAccount(name: "somebody", secret: HiddenText("session-secret"))
        case "away": throw Failure(.serviceUnavailable, "it is away", retryAfterSeconds: 7)
        default: throw Failure(.signInAgain, "it does not know this")
        }
    }

    func checked(_ account: ServiceAccount) async throws -> ServiceAccount { account }
}
