import Contracts
import Domain
import HTTPTypes
import Testing
import UseCases

/// Accounts, plays, stars and ratings over HTTP.
@Suite struct ListeningRoutesTests {
    @Test("An admin makes, changes and removes accounts; others see only their own")
    func accounts() async throws {
        let server = try TestServer()
        let made = try await server.send(
            .post, "/v1/accounts", json: #"{"name": "Grace", "password": "cobol 1959"}"#)
        #expect(made.status == 201 && made.json["role"] == "user" && made.json["has_password"] == true)
        #expect(!made.text.contains("cobol"))
        #expect(try await server.send(.get, "/v1/accounts").json["items"]?.count == 3)
        let changed = try await server.send(.patch, "/v1/accounts/4", json: #"{"disabled": true, "role": "admin"}"#)
        #expect(changed.status == 200 && changed.json["role"] == "admin" && changed.json["disabled_at"] != .null)
        #expect(try await server.send(.delete, "/v1/accounts/4").status == 204)
        #expect(try await server.send(.delete, "/v1/accounts/4").status == 404)
        for (json, status) in [
            (#"{"name": "a:b"}"#, 422), (#"{"name": " a"}"#, 422), (#"{"name": "a", "password": "short"}"#, 422),
            (#"{"name": "ada"}"#, 409), (#"{}"#, 422), (#"{"name": "b", "role": "worker"}"#, 422),
        ] {
            #expect(try await server.send(.post, "/v1/accounts", json: json).status == status, "\(json)")
        }
        #expect(try await server.send(.get, "/v1/accounts", as: "user").status == 403)
        #expect(try await server.send(.get, "/v1/me", as: "user").json["name"] == "ada")
        #expect(try await server.send(.get, "/v1/me", as: "worker").status == 403)
    }

    @Test("One's own password takes the old one, where there is one")
    func ownPassword() async throws {
        let server = try TestServer()
        let path = "/v1/me/password"
        #expect(try await server.send(.put, path, as: "user", json: #"{"password": "first one"}"#).status == 200)
        #expect(try await server.send(.put, path, as: "user", json: #"{"password": "second one"}"#).status == 403)
        let changed = try await server.send(
            .put, path, as: "user", json: #"{"password": "second one", "current_password": "first one"}"#)
        #expect(changed.status == 200)
        #expect(server.store.change { $0.passwords[1] } == "second one")
    }

    @Test("A disabled account's tokens are forgotten at once")
    func forgotten() async throws {
        let server = try TestServer()
        _ = try await server.send(.get, "/v1/me", as: "user")
        let before = server.store.change { $0.verifications }
        _ = try await server.send(.get, "/v1/me", as: "user")
        #expect(server.store.change { $0.verifications } == before)
        _ = try await server.send(.patch, "/v1/accounts/1", json: #"{"disabled": true}"#)
        _ = try await server.send(.get, "/v1/me", as: "user")
        #expect(server.store.change { $0.verifications } > before)
    }

    @Test("A token is made for an account, the caller's own unless another is named")
    func tokens() async throws {
        let server = try TestServer()
        let own = try await server.send(.post, "/v1/tokens", json: #"{"name": "a", "role": "user"}"#)
        #expect(own.json["token"]?["account_id"] == 3)
        let hers = try await server.send(
            .post, "/v1/tokens", json: #"{"name": "a", "role": "user", "account_id": 1}"#)
        #expect(hers.json["token"]?["account_id"] == 1)
        #expect(try await server.send(.get, "/v1/whoami", as: "user").json["account_id"] == 1)
    }

    @Test("Plays are taken down for the account that tells of them, and listed with their tracks")
    func plays() async throws {
        let server = try TestServer()
        let play = try await server.send(
            .post, "/v1/plays", as: "user",
            json: #"{"track_id": 2, "submission": "finished", "seconds_played": 240.5, "client": "radio"}"#)
        #expect(play.status == 200 && play.json["listen"] == true && play.json["seconds_played"] == 240.5)
        let history = try await server.send(.get, "/v1/plays", as: "user")
        #expect(history.json["items"]?[0]?["track"]?["id"] == 2)
        #expect(history.json["items"]?[0]?["play"]?["client"] == "radio")
        #expect(try await server.send(.get, "/v1/plays", as: "admin").json["items"]?.count == 0)
        #expect(try await server.send(.get, "/v1/plays?listens=true", as: "user").json["items"]?.count == 1)
        for (json, status) in [
            (#"{"track_id": 99, "submission": "finished"}"#, 422), (#"{"track_id": 2}"#, 422),
            (#"{"track_id": 2, "submission": "heard"}"#, 422),
            (#"{"track_id": 2, "submission": "finished", "seconds_played": -1}"#, 422),
            (#"{"track_id": 2, "submission": "finished", "started_at": "1999-01-01T00:00:00Z"}"#, 422),
            (#"{"track_id": 2, "submission": "finished", "started_at": "2999-01-01T00:00:00Z"}"#, 422),
        ] {
            #expect(try await server.send(.post, "/v1/plays", as: "user", json: json).status == status, "\(json)")
        }
        #expect(try await server.send(.get, "/v1/plays?cursor=zz", as: "user").status == 400)
    }

    @Test("Stars and ratings show for the account that gave them", arguments: ["tracks", "albums", "artists"])
    func marks(nouns: String) async throws {
        let server = try TestServer()
        #expect(try await server.send(.put, "/v1/\(nouns)/2/star", as: "user").status == 204)
        let rated = try await server.send(.put, "/v1/\(nouns)/2/rating", as: "user", json: #"{"rating": 4}"#)
        #expect(rated.status == 204)
        let mine = try await server.send(.get, "/v1/\(nouns)/2", as: "user").json
        #expect(mine["starred_at"] != .null && mine["rating"] == 4)
        let list = try await server.send(.get, "/v1/\(nouns)", as: "user").json
        #expect(list["items"]?[1]?["rating"] == 4 && list["items"]?[0]?["rating"] == .null)
        let others = try await server.send(.get, "/v1/\(nouns)/2").json
        #expect(others["starred_at"] == .null && others["rating"] == .null)
        _ = try await server.send(.put, "/v1/\(nouns)/2/rating", as: "user", json: #"{"rating": 0}"#)
        #expect(try await server.send(.delete, "/v1/\(nouns)/2/star", as: "user").status == 204)
        let after = try await server.send(.get, "/v1/\(nouns)/2", as: "user").json
        #expect(after["starred_at"] == .null && after["rating"] == .null)
        #expect(try await server.send(.put, "/v1/\(nouns)/99/star", as: "user").status == 404)
        #expect(try await server.send(.put, "/v1/\(nouns)/2/rating", json: #"{"rating": 6}"#).status == 422)
    }

    @Test("Tracks are sorted by what the account has done, and shown so wherever they are listed")
    func sorted() async throws {
        let server = try TestServer()
        for id in [4, 2] { _ = try await server.send(.put, "/v1/tracks/\(id)/star", as: "user") }
        let list = try await server.send(.get, "/v1/tracks?sort=recently_starred&limit=1", as: "user")
        #expect(list.json["items"]?[0]?["id"] == 2)
        guard case .string(let cursor)? = list.json["next_cursor"] else {
            Issue.record("there is no cursor")
            return
        }
        let rest = try await server.send(.get, "/v1/tracks?sort=recently_starred&limit=1&cursor=\(cursor)", as: "user")
        #expect(rest.json["items"]?[0]?["id"] == 4)
        #expect(try await server.send(.get, "/v1/tracks?sort=newest", as: "user").status == 400)
        let similar = try await server.send(.get, "/v1/tracks/1/similar", as: "user")
        let found = try #require(similar.json["items"]?[0]?["track"])
        #expect(found["starred_at"] == (found["id"] == 2 || found["id"] == 4 ? found["starred_at"] : .null))
    }
}
