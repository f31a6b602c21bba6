import Domain
import Synchronization
import Testing

@testable import UseCases

private struct Door: ServiceSignIn {
    let source = ServiceID.lastfm
    let ways: Set<SignInWay> = [.web, .password]

    func webAddress(_ request: WebSignIn) -> String? { "https://there/?back=\(request.callback)" }

    func account(_ proof: SignInProof) async throws -> ServiceAccount {
        switch proof {
        case .returned(let token, _) where token.value == "good":
            return ServiceAccount(name: "ada", secret: HiddenText("session"))
        case .password(_, let password) where password.value == "away":
            throw Failure(.serviceUnavailable, "away", retryAfterSeconds: 30)
        default: throw Failure(.signInAgain, "no")
        }
    }
}

private final class Book: ServiceConnectionStore {
    let made = Mutex<[ServiceConnection]>([])

    func connections(account: Int64) async throws -> [ServiceConnection] { made.withLock { $0 } }

    func connect(_ service: ServiceID, as outside: ServiceAccount, account: Int64) async throws -> ServiceConnection {
        let new = ServiceConnection(service: service, userName: outside.name, connectedAt: 1)
        made.withLock { $0 = [new] }
        return new
    }

    func disconnect(_ service: ServiceID, account: Int64) async throws { made.withLock { $0 = [] } }
}

@Suite struct ServiceConnectionsTests {
    private func make(_ book: Book, now: @escaping @Sendable () -> Int64) -> ServiceConnections {
        let numbers = Mutex<UInt64>(0)
        return ServiceConnections(services: [Door()], store: book, clock: now) {
            numbers.withLock { number in
                number += 1
                return number
            }
        }
    }

    @Test("What was begun ends once, in the same session, for the same account and service, within ten minutes")
    func states() async throws {
        let book = Book()
        let time = Mutex<Int64>(1_000_000_000)
        let connections = make(book) { time.withLock { $0 } }
        func begin() throws -> String {
            let begun = try connections.begin(.lastfm, callback: "http://me/", account: 1, session: 10)
            #expect(begun.address == "https://there/?back=http://me/")
            return begun.state
        }
        func finish(_ state: String, account: Int64 = 1, session: Int64 = 10, token: String = "good") async throws {
            _ = try await connections.finish(
                .lastfm, returned: HiddenText(token), state: state, account: account, session: session)
        }
        for (account, session) in [(2, 10), (1, 11)] as [(Int64, Int64)] {
            let state = try begin()
            await #expect(throws: SignInProblem.unknownState) {
                try await finish(state, account: account, session: session)
            }
        }
        let late = try begin()
        time.withLock { $0 += ServiceConnections.maxSeconds * 1_000_000 + 1 }
        await #expect(throws: SignInProblem.unknownState) { try await finish(late) }
        await #expect(throws: SignInProblem.unknownState) { try await finish("made up") }
        let refused = try begin()
        await #expect(throws: SignInProblem.refused("no")) { try await finish(refused, token: "bad") }
        let good = try begin()
        try await finish(good)
        await #expect(throws: SignInProblem.unknownState) { try await finish(good) }
        #expect(book.made.withLock { $0.map(\.userName) } == ["ada"])
    }

    @Test("A service that is away is told from one that says no, and ways that there are not are refused")
    func refusals() async throws {
        let connections = make(Book()) { 0 }
        await #expect(throws: SignInProblem.away("away", seconds: 30)) {
            _ = try await connections.connect(
                .lastfm, .password(userName: "a", HiddenText("away")), account: 1)
        }
        await #expect(throws: SignInProblem.wrongWay(.lastfm)) {
            _ = try await connections.connect(.lastfm, .token(HiddenText("x")), account: 1)
        }
        #expect(throws: SignInProblem.notSetUp(.napster)) {
            try connections.begin(.napster, callback: "http://me/", account: 1, session: 1)
        }
        let list = try await connections.list(account: 1)
        #expect(list.map(\.service) == ServiceID.personal && list.map(\.ways.isEmpty) == [false, true, true])
    }
}
