import Contracts
import HTTPTypes
import Hummingbird
import Testing
import UseCases

@testable import API

struct AccessTests {
    @Test("Each role may call exactly the routes that are meant for it")
    func matrix() async throws {
        // An endless answer would be waited for.
        let server = try TestServer { $0.maxEventStreams = 0 }
        for route in server.application.responder.table.routes {
            // A path that fits no resource: what counts is whether the role check lets the request pass.
            let target = route.pattern.description.replacing("{hash}", with: "x").replacing("{id}", with: "0")
                .replacing("{role}", with: "x").replacing("{edition}", with: "x")
                .replacing("{name}", with: "x")
            for (secret, role) in [(nil, nil), ("user", "user"), ("worker", "worker"), ("admin", "admin")]
                as [(String?, String?)]
            {
                let status = try await server.send(route.method, target, as: secret).status
                let expected: Set<Int> =
                    switch (route.access, role) {
                    case (.open, _): []
                    case (_, nil): route.isPage ? [303] : [401]
                    case (.user, "worker"), (.admin, "worker"), (.admin, "user"): [403]
                    default: []
                    }
                if expected.isEmpty {
                    #expect(![401, 403].contains(status), "\(route.method) \(target) as \(role ?? "nobody")")
                } else {
                    #expect(expected.contains(status), "\(route.method) \(target) as \(role ?? "nobody")")
                }
            }
        }
    }

    @Test("What changes the queue, the roots or the tokens is for administrators, reading is for users")
    func levels() throws {
        let routes = try TestServer().application.responder.table.routes
        let open = routes.filter { $0.access == .open }.map(\.pattern.description)
        #expect(
            Set(open) == [
                "/healthz", "/readyz", "/openapi.json", "/sign-in", "/assets/{edition}/{name}",
                // A browser comes back here from another site, without its cookie: it is sent on to ourselves.
                "/settings/connections/{service}/callback",
            ])
        let forUsers = routes.filter { $0.access == .user && $0.method != .get }.map(\.name)
        let marks = ["Track", "Album", "Artist"].flatMap { ["star\($0)", "unstar\($0)", "rate\($0)"] }
        #expect(
            Set(forUsers)
                == Set(
                    [
                        "startScan", "cancelScan", "similar", "playRadio", "reportPlay", "reportProgress",
                        "setOwnPassword",
                    ] + marks
                )
                .union(["connectService", "beginConnection", "disconnectService", "checkConnection"])
                .union(["connectOnPage", "checkConnectionOnPage", "disconnectOnPage"])
                .union(["refreshTrack", "refreshAlbum", "refreshArtist", "refreshAlbumCover"])
                .union(["createPlaylist", "changePlaylist", "deletePlaylist", "importPlaylist"])
                .union(["addPlaylistTracks", "replacePlaylistTracks", "removePlaylistTracks"])
                .union(["savePlayQueue", "clearPlayQueue", "createAppPassword", "revokeAppPassword"])
                .union(["createAppPasswordOnPage", "revokeAppPasswordOnPage"])
                .union(["startDownload", "cancelDownload"])
                .union(["startScanOnPage", "cancelScanOnPage", "markOnPage", "changePlayQueueOnPage"])
                .union(["changePlaylistOnPage", "deletePlaylistOnPage", "collectOnPage"])
                .union(["setOwnPasswordOnPage", "endSession", "endOtherSessions"]))
        let reading = routes.filter { $0.access == .admin && $0.method == .get }.map(\.name)
        #expect(
            Set(reading)
                == Set([
                    "listAccounts", "listServices", "listRoots", "getRoot", "listTokens", "servicesPage",
                    "confirmCancelPage",
                ])
                .union(["listWebhooks", "webhooksPage"])
                .union(["rootsPage", "removeRootPage", "tokensPage", "revokeTokenPage", "accountsPage"])
                .union(["oneAccountPage", "removeAccountPage", "serviceKeysPage", "serverPage"]))
    }

    @Test("A missing token and a wrong one are told how to sign in")
    func challenge() async throws {
        let server = try TestServer()
        let missing = try await server.send(.get, "/v1/whoami", as: nil)
        #expect(missing.status == 401)
        #expect(missing.headers[.wwwAuthenticate] == "Bearer realm=\"sillon\"")
        let wrong = try await server.send(.get, "/v1/whoami", as: "wrong")
        #expect(wrong.status == 401)
        #expect(wrong.headers[.wwwAuthenticate]?.contains("invalid_token") == true)
    }

    @Test(
        "Only a well-formed bearer token counts",
        arguments: ["", "admin", "Basic admin", "Bearer", "Bearer ", "Bearer admin admin", "Bearer é", "Beareradmin"])
    func malformed(header: String) async throws {
        let headers: HTTPFields = [.authorization: header]
        #expect(try await TestServer().send(.get, "/v1/whoami", as: nil, headers: headers).status == 401)
    }

    @Test("The scheme's name may be written in any case; a token in the URL does not count")
    func schemes() async throws {
        let server = try TestServer()
        let headers: HTTPFields = [.authorization: "bEARER user"]
        let whoami = try await server.send(.get, "/v1/whoami", as: nil, headers: headers)
        #expect(
            whoami.json == [
                "token_id": 1, "account_id": 1, "name": "user", "role": "user", "work_roles": .null,
                "expires_at": .null,
            ])
        #expect(try await server.send(.get, "/v1/whoami?access_token=user", as: nil).status == 401)
    }

    @Test("Failed sign-ins run dry, whatever X-Forwarded-For says, and a good token still works")
    func limit() async throws {
        let server = try TestServer()
        #expect(try await server.send(.get, "/v1/whoami", as: "user").status == 200)
        for attempt in 0..<Int(SignInLimiter.burst) {
            let headers: HTTPFields = [HTTPField.Name("X-Forwarded-For")!: "10.0.0.\(attempt)"]
            #expect(try await server.send(.get, "/v1/whoami", as: "wrong\(attempt)", headers: headers).status == 401)
        }
        let refused = try await server.send(.get, "/v1/whoami", as: "again")
        #expect(refused.status == 429)
        #expect(refused.headers[.retryAfter] == "6")
        #expect(try await server.send(.get, "/v1/whoami", as: "admin").status == 200, "never seen before, but good")
        server.clock.advance(seconds: 3)
        #expect(try await server.send(.get, "/v1/whoami", as: "user").status == 200)
        server.clock.advance(seconds: 7)
        #expect(try await server.send(.get, "/v1/whoami", as: "again").status == 401)
    }

    @Test("A token is verified once for a few seconds, and is refused at once when it is revoked")
    func cache() async throws {
        let server = try TestServer()
        for _ in 0..<5 { #expect(try await server.send(.get, "/v1/whoami", as: "user").status == 200) }
        #expect(server.store.change { $0.verifications } == 1)
        server.clock.advance(seconds: 5)
        _ = try await server.send(.get, "/v1/whoami", as: "user")
        #expect(server.store.change { $0.verifications } == 2)
        #expect(try await server.send(.delete, "/v1/tokens/1").status == 204)
        #expect(try await server.send(.get, "/v1/whoami", as: "user").status == 401)
    }

    @Test("A token that expires is refused even while its verification is remembered")
    func expiry() async throws {
        let server = try TestServer()
        server.store.change { $0.tokens[0].token.expiresAt = MemoryStore.now + 2_000_000 }
        #expect(try await server.send(.get, "/v1/whoami", as: "user").status == 200)
        server.clock.advance(seconds: 2)
        server.store.change { state in state.tokens = [] }
        #expect(try await server.send(.get, "/v1/whoami", as: "user").status == 401)
    }

    @Test("Tokens are made, listed without secrets and revoked; the last administrator stays")
    func tokens() async throws {
        let server = try TestServer()
        let made = try await server.send(
            .post, "/v1/tokens", json: #"{"name":"kitchen","role":"user","expires_at":"2030-01-01T00:00:00Z"}"#)
        #expect(made.status == 201)
        #expect(made.json["secret"] == "secret-4")
        #expect(made.json["token"]?["expires_at"] == "2030-01-01T00:00:00.000Z")
        let list = try await server.send(.get, "/v1/tokens")
        #expect(list.json["items"]?.count == 4)
        #expect(!list.text.contains("secret"))
        #expect(try await server.send(.delete, "/v1/tokens/3").status == 409)
        #expect(try await server.send(.delete, "/v1/tokens/99").status == 404)
        for json in [
            #"{"name":"","role":"user"}"#, #"{"name":"a","role":"root"}"#, #"{"name":"a"}"#,
            #"{"name":"a","role":"user","expires_at":"2020-01-01T00:00:00Z"}"#,
        ] {
            #expect(try await server.send(.post, "/v1/tokens", json: json).status == 422)
        }
    }
}
