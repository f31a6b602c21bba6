import Domain
import UseCases

/// ping, getLicense, getOpenSubsonicExtensions, tokenInfo
struct SubsonicSystem: Sendable {
    let services: APIServices

    /// By name, with their versions.
    static let extensions: [(name: String, versions: [Int64])] = [
        ("apiKeyAuthentication", [1]), ("formPost", [1]), ("indexBasedQueue", [1]), ("playbackReport", [1]),
        ("songLyrics", [1]), ("sonicSimilarity", [1]), ("topSongsByArtistId", [1]), ("transcodeOffset", [1]),
    ]

    var methods: [SubsonicMethod] {
        [
            SubsonicMethod("ping") { _ in .nothing },
            SubsonicMethod("getLicense") { _ in
                var node = SubsonicNode()
                node.set("valid", flag: true)
                return .node("license", node)
            },
            SubsonicMethod("getOpenSubsonicExtensions", access: .open) { _ in
                .payload("openSubsonicExtensions", .children(Self.extensions.map(Self.node)))
            },
            SubsonicMethod("tokenInfo") { call in
                let caller = try call.account()
                // Of a key alone: who came with a password has none.
                guard call.parameters.filled("apiKey") != nil else {
                    throw SubsonicError(.unknownSignIn, "tokenInfo tells of an API key: sign in with one")
                }
                var node = SubsonicNode()
                node.set("username", caller.account.name)
                return .node("tokenInfo", node)
            },
        ]
    }

    private static func node(_ named: (name: String, versions: [Int64])) -> SubsonicNode {
        var node = SubsonicNode()
        node.set("name", named.name)
        node.add("versions", .values(named.versions.map(SubsonicNode.Scalar.integer)))
        return node
    }
}
