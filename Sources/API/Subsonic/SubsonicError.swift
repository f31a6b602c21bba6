import HTTPTypes
import UseCases

/// What went wrong with a call, as the protocol counts it. The message is safe to show.
struct SubsonicError: Error, Sendable {
    enum Code: Int, Sendable {
        case generic = 0
        case missingParameter = 10
        case clientTooOld = 20
        case serverTooOld = 30
        case wrongCredentials = 40
        case noTokenSignIn = 41
        case unknownSignIn = 42
        case conflictingSignIns = 43
        case invalidKey = 44
        case notAuthorized = 50
        case notFound = 70

        /// Nobody is known to have asked.
        var isOfSignIn: Bool { (40...44).contains(rawValue) }
    }

    let code: Code
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    static func missing(_ name: String) -> SubsonicError {
        SubsonicError(.missingParameter, "Required parameter is missing: \(name)")
    }

    static func invalid(_ name: String, _ expectation: String) -> SubsonicError {
        SubsonicError(.generic, "\(name) must be \(expectation)")
    }

    static let notFound = SubsonicError(.notFound, "The requested data was not found")

    var node: SubsonicNode {
        var node = SubsonicNode()
        node.set("code", code.rawValue)
        node.set("message", message)
        return node
    }
}

extension SubsonicError {
    /// The one map from problems to the protocol's numbers.
    init(_ problem: Problem) {
        let code: Code =
            switch problem.status {
            case .notFound, .gone: .notFound
            case .forbidden: .notAuthorized
            case .unauthorized: .wrongCredentials
            default: .generic
            }
        self.init(code, problem.detail)
    }
}
