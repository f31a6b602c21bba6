import Domain
import HTTPTypes
import Hummingbird
import Logging
import UseCases

/// One method of the protocol: who may call it, what it needs, and what it does.
struct SubsonicMethod: Sendable {
    enum Access: Sendable {
        /// Nobody signs in for it.
        case open
        case user, admin
    }

    enum Answer: Sendable {
        case nothing
        case payload(String, SubsonicNode.Member)
        /// Bytes in the place of an answer.
        case bytes(Response)

        static func node(_ name: String, _ node: SubsonicNode) -> Answer { .payload(name, .child(node)) }
    }

    typealias Handler = @Sendable (SubsonicCall) async throws -> Answer

    let name: String
    let access: Access
    /// Parameters without which it makes no sense.
    let required: [String]
    /// True for what answers with bytes: trouble has a status then, for whoever reads no envelope, and time does not end it.
    let answersBytes: Bool
    /// False for what this server does not have.
    let isServed: Bool
    let handle: Handler

    init(
        _ name: String, access: Access = .user, required: [String] = [], answersBytes: Bool = false,
        isServed: Bool = true, handle: @escaping Handler
    ) {
        self.name = name
        self.access = access
        self.required = required
        self.answersBytes = answersBytes
        self.isServed = isServed
        self.handle = handle
    }

    /// As metrics and traces name it.
    var pattern: String { "/rest/\(name)" }
}

/// A call whose sender is known.
struct SubsonicCall: Sendable {
    let parameters: SubsonicParameters
    /// Nil for open methods.
    let caller: SubsonicCaller?
    /// The client's name.
    let client: String?
    let headers: HTTPFields
    let presence: ClientPresence
    let peer: String
    let isHead: Bool
    let logger: Logger

    func account() throws(SubsonicError) -> SubsonicCaller {
        guard let caller else { throw SubsonicError(.wrongCredentials, "nobody is signed in") }
        return caller
    }
}

/// Whoever is signed in.
struct SubsonicCaller: Hashable, Sendable {
    let account: Account
    /// What they may do: no more than the token that they came with opens.
    let role: AccessRole
    /// Nil for who came with a password.
    let tokenID: Int64?

    var id: Int64 { account.id }
    var isAdmin: Bool { role == .admin }
    var reader: PlaylistReader { PlaylistReader(accountID: id, isAdmin: isAdmin) }
}
