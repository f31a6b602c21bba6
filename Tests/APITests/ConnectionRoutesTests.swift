import Contracts
import Domain
import HTTPTypes
import Testing
import UseCases

/// `/v1/me/services`
@Suite struct ConnectionRoutesTests {
    @Test("A service is connected by what it takes, shown without its secret, and parted again")
    func journey() async throws {
        let server = try TestServer()
        let list = try await server.send(.get, "/v1/me/services", as: "user")
        #expect(list.json["items"]?.count == 3)
        #expect(
            list.json["items"]?[0]?["ways"] == ["password", "web"] && list.json["items"]?[0]?["connected"] == false)
        let connected = try await server.send(
            .put, "/v1/me/services/lastfm", as: "user", json: #"{"user_name": "ada", "password": "good"}"#)
        #expect(connected.status == 200 && connected.json["user_name"] == "somebody")
        #expect(!connected.text.contains("session-secret") && !connected.text.contains("good"))
        let others = try await server.send(.get, "/v1/me/services", as: "admin")
        #expect(others.json["items"]?[0]?["connected"] == false)
        #expect(try await server.send(.delete, "/v1/me/services/lastfm", as: "user").status == 204)
        #expect(try await server.send(.delete, "/v1/me/services/lastfm", as: "user").status == 404)
        let token = try await server.send(
            .put, "/v1/me/services/listenbrainz", as: "user", json: #"{"token": "good"}"#)
        #expect(token.status == 200 && token.json["connected"] == true)
    }

    @Test("What is refused says why, and what is away says when to come back")
    func refusals() async throws {
        let server = try TestServer()
        let path = "/v1/me/services/listenbrainz"
        for (json, status) in [
            (#"{"token": "bad"}"#, 422), (#"{"token": "away"}"#, 503), (#"{}"#, 422),
            (#"{"user_name": "a", "password": "good"}"#, 422), (#"{"token": "good", "state": "made up"}"#, 409),
        ] {
            let answer = try await server.send(.put, path, as: "user", json: json)
            #expect(answer.status == status, "\(json)")
            if status == 503 { #expect(answer.headers[.retryAfter] == "7") }
        }
        #expect(try await server.send(.put, "/v1/me/services/napster", json: #"{"token": "good"}"#).status == 409)
        #expect(try await server.send(.put, "/v1/me/services/slskd", json: #"{"token": "good"}"#).status == 404)
        #expect(try await server.send(.get, "/v1/me/services", as: "worker").status == 403)
    }

    @Test("Somebody is asked whether the account is known still; what somebody listens to is in no task that is shown")
    func looking() async throws {
        let server = try TestServer()
        let path = "/v1/me/services/listenbrainz"
        #expect(try await server.send(.post, path + "/check", as: "user").status == 404)
        #expect(try await server.send(.put, path, as: "user", json: #"{"token": "good"}"#).status == 200)
        let checked = try await server.send(.post, path + "/check", as: "user")
        #expect(checked.status == 200 && checked.json["connected"] == true && checked.json["problem"] == .null)
        let listens = [QueuedListen(id: 1, listen: Listen(artist: "Mira", title: "Slack Water", startedAt: 5))]
        let task = try await server.store.submit(
            NewTask(
                payload: .submitListens(SubmitListensPayload(accountID: 1, target: .lastfm, listens: listens)),
                priority: .normal), idempotencyKey: nil)
        for path in ["/v1/tasks", "/v1/tasks/\(task.id)"] {
            let answer = try await server.send(.get, path)
            #expect(answer.text.contains("submit_listens") && !answer.text.contains("Slack Water"), "\(path)")
        }
    }

    @Test("The way by the web ends with the token that began it")
    func web() async throws {
        let server = try TestServer()
        let begin = "/v1/me/services/lastfm/connect"
        let begun = try await server.send(.post, begin, as: "user", json: #"{"callback": "http://me.local/back"}"#)
        guard case .string(let state)? = begun.json["state"], case .string(let address)? = begun.json["address"] else {
            Issue.record("there is no state: \(begun.text)")
            return
        }
        #expect(state.count == 64 && address.contains(state))
        let json = #"{"token": "good", "state": "\#(state)"}"#
        #expect(try await server.send(.put, "/v1/me/services/lastfm", as: "admin", json: json).status == 409)
        // Who tried with somebody else's state has used it up.
        #expect(try await server.send(.put, "/v1/me/services/lastfm", as: "user", json: json).status == 409)
        for callback in ["javascript:alert(1)", "http://a/#b", "me", "http://a b/"] {
            let answer = try await server.send(.post, begin, as: "user", json: #"{"callback": "\#(callback)"}"#)
            #expect(answer.status == 422, "\(callback)")
        }
        let listenBrainz = try await server.send(
            .post, "/v1/me/services/listenbrainz/connect", as: "user", json: #"{"callback": "http://me.local/"}"#)
        #expect(listenBrainz.status == 422)
    }
}
