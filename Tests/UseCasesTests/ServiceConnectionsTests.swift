import Domain
import Synchronization
import Testing

@testable import UseCases

private struct Door: ServiceSignIn {
    let source = ServiceID.lastfm
    let ways: Set<SignInWay> = [.web, .password]
    /// What it says of an account that it is asked about.
    var check: @Sendable (ServiceAccount) throws -> ServiceAccount = { $0 }

    func checked(_ account: ServiceAccount) async throws -> ServiceAccount { try check(account) }

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
    let account = Mutex<ServiceAccount?>(nil)
    let complaints = Mutex<[String]>([])

    func accounts(connectedTo service: ServiceID) async throws -> [Int64] { [7] }

    func opened(_ service: ServiceID, account: Int64) async throws -> OpenedConnection? {
        self.account.withLock { $0 }.map { OpenedConnection(account: $0, connectedAt: 1) }
    }

    func keep(
        _ outside: ServiceAccount, of opened: OpenedConnection, _ service: ServiceID, account: Int64
    ) async throws { self.account.withLock { $0 = outside } }

    func complain(_ why: String, of opened: OpenedConnection, _ service: ServiceID, account: Int64) async throws {
        complaints.withLock { $0.append(why) }
    }

    func connections(account: Int64) async throws -> [ServiceConnection] { made.withLock { $0 } }

    func connect(_ service: ServiceID, as outside: ServiceAccount, account: Int64) async throws -> ServiceConnection {
        let new = ServiceConnection(service: service, userName: outside.name, connectedAt: 1)
        made.withLock { $0 = [new] }
        return new
    }

    func disconnect(_ service: ServiceID, account: Int64) async throws { made.withLock { $0 = [] } }
}

@Suite struct ServiceConnectionsTests {
    private func make(
        _ book: Book, _ door: Door = Door(), now: @escaping @Sendable () -> Int64
    ) -> ServiceConnections {
        let numbers = Mutex<UInt64>(0)
        return ServiceConnections(services: [door], store: book, clock: now) {
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

    private static func account(_ secret: String, endsAt: Int64?) -> ServiceAccount {
        ServiceAccount(name: "ada", secret: HiddenText(secret), renewal: HiddenText("r"), endsAt: endsAt)
    }

    @Test("What ends soon is renewed and kept, what lasts is left alone, and what fails is told")
    func renewal() async throws {
        let book = Book()
        let asked = Mutex(0)
        let door = Door { account in
            asked.withLock { $0 += 1 }
            guard account.secret.value != "bad" else { throw Failure(.signInAgain, "no more") }
            guard account.secret.value != "away" else { throw Failure(.serviceUnavailable, "away") }
            return Self.account("new", endsAt: 100_000)
        }
        let connections = make(book, door) { 10_000 * 1_000_000 }
        #expect(try await connections.renew() == [], "nothing is connected")
        book.account.withLock { $0 = Self.account("old", endsAt: 10_000 + 1801) }
        #expect(try await connections.renew() == [] && asked.withLock { $0 } == 0)
        book.account.withLock { $0 = Self.account("old", endsAt: 10_000 + 1800) }
        #expect(try await connections.renew() == [])
        #expect(book.account.withLock { $0?.secret.value } == "new")
        for (secret, complaints) in [("away", [String]()), ("bad", ["no more"])] {
            book.account.withLock { $0 = Self.account(secret, endsAt: 0) }
            #expect(try await connections.renew().count == 1)
            #expect(book.complaints.withLock { $0 } == complaints, "who is away has not said no")
        }
    }

    @Test("A refusal counts only for what was refused: another server may have renewed it meanwhile")
    func renewedElsewhere() async throws {
        let book = Book()
        let door = Door { _ in
            book.account.withLock { $0 = Self.account("theirs", endsAt: nil) }
            throw Failure(.signInAgain, "used up")
        }
        let connections = make(book, door) { 0 }
        await #expect(throws: StoreError.notFound("there is no connection to Last.fm")) {
            try await connections.check(.lastfm, account: 7)
        }
        book.account.withLock { $0 = Self.account("ours", endsAt: nil) }
        try await connections.check(.lastfm, account: 7)
        #expect(book.complaints.withLock { $0 } == [] && book.account.withLock { $0?.secret.value } == "theirs")
        await #expect(throws: SignInProblem.refused("used up")) { try await connections.check(.lastfm, account: 7) }
        #expect(book.complaints.withLock { $0 } == ["used up"])
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
