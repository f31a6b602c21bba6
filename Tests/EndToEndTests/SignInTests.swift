import Contracts
import Domain
import Foundation
import TestSupport
import Testing

/// Nobody gets in without a token, and tokens do not lie about.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct SignInTests {
    @Test("The first start makes an admin token, for its owner's eyes only, and tells it to no log")
    func firstToken() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab)
        let secret = try #require(server.api.token)
        #expect(secret.count >= 32)
        let attributes = try FileManager.default.attributesOfItem(atPath: lab.data + "/admin-token")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let folder = try FileManager.default.attributesOfItem(atPath: lab.data)
        #expect(folder[.posixPermissions] as? Int == 0o700)
        // Nobody looks at a terminal: what is said goes wherever logs go.
        #expect(!server.process.words.contains(secret))
        #expect(server.process.words.contains(lab.data + "/admin-token"))
        #expect(try await server.stop() == .code(0))
        let again = try await ServerProcess.start(lab)
        #expect(again.api.token == secret)
        #expect(!again.process.words.contains(secret))
        let other = try await ServerProcess.start(try Lab())
        #expect(other.api.token != secret)
    }

    @Test("Without a valid token there is nothing but health")
    func strangers() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab)
        var stranger = server.api
        stranger.token = nil
        for path in ["/healthz", "/readyz", "/openapi.json", "/sign-in"] {
            #expect(try await stranger.send(.get, path).status == 200, "\(path)")
        }
        for path in ["/v1/library", "/v1/tracks", "/v1/tasks", "/v1/tokens", "/v1/workers", "/v1/whoami"] {
            let answer = try await stranger.send(.get, path)
            #expect(answer.status == 401, "\(path)")
            #expect(answer.headers["content-type"] == "application/problem+json")
        }
        let secret = try #require(server.api.token)
        let wrong = [String(secret.dropLast()), secret + "a", secret.uppercased(), "", "%", "null", "admin"]
        for token in wrong where token != secret {
            stranger.token = token
            #expect([401, 429].contains(try await stranger.send(.get, "/v1/library").status), "\(token)")
        }
        stranger.token = nil
        for header in ["Basic \(secret)", "Bearer", secret, "Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW4ifQ."] {
            let answer = try await stranger.send(.get, "/v1/library", headers: ["Authorization": header])
            #expect([401, 429].contains(answer.status), "\(header)")
        }
        #expect(try await stranger.send(.get, "/v1/library?token=\(secret)").status != 200)
        #expect(try await server.api.send(.get, "/v1/library").status == 200, "the owner is not locked out")
    }

    @Test("Guessing is slowed down, whatever address the guesser claims to have")
    func guessing() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab)
        var stranger = server.api
        var first429 = 0
        for number in 1...60 where first429 == 0 {
            stranger.token = "guess-\(number)"
            let address = "10.0.0.\(number)"
            let answer = try await stranger.send(
                .get, "/v1/library", headers: ["X-Forwarded-For": address, "Forwarded": "for=\(address)"])
            if answer.status == 429 {
                first429 = number
                #expect(Int(answer.headers["retry-after"] ?? "") ?? 0 > 0)
            }
        }
        print("slowed down after \(first429) guesses")
        #expect(first429 > 1)
        #expect(first429 < 60)
    }

    @Test("A role opens what it should and nothing more; a revoked token opens nothing")
    func roles() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab)
        let user = try await lab.run(["token", "create", "--role", "user", "--data", lab.data])
        #expect(user.exit == .code(0))
        let secret = user.output.trimmingCharacters(in: .whitespacesAndNewlines)
        var guest = server.api
        guest.token = secret
        #expect(try await guest.send(.get, "/v1/library").status == 200)
        let noop: JSONValue = ["task": "noop", "version": 1, "payload": [:]]
        #expect(try await guest.send(.post, "/v1/tasks", noop).status == 403)
        #expect(try await guest.send(.get, "/v1/tokens").status == 403)
        #expect(try await guest.send(.post, "/v1/roots", ["path": "/etc"]).status == 403)
        #expect(try await guest.send(.post, "/v1/scans", ["path": "/etc"]).status == 403)
        let made = try await server.api.ask(.post, "/v1/tokens", ["name": "device", "role": "worker"])
        guest.token = try #require(made["secret"]?.text)
        #expect(try await guest.send(.post, "/v1/tasks", noop).status == 403)
        #expect(try await guest.send(.get, "/v1/tokens").status == 403)
        let tokens = try await server.api.ask(.get, "/v1/tokens")
        #expect(!ContractJSON.encode(tokens).contains(secret))
        let id = try #require(tokens.items.first { $0["role"]?.text == "user" }?["id"]?.int)
        #expect(try await server.api.send(.delete, "/v1/tokens/\(id)").status == 204)
        guest.token = secret
        #expect(try await guest.send(.get, "/v1/library").status == 401)
    }

    @Test("No secret is in the logs, in the database or in the arguments of a process")
    func secretsStaySecret() async throws {
        let library = try await Library()
        let server = try await ServerProcess.start(
            library.lab, .up, music: [library.lab.music], environment: ["SILLON_LOG_LEVEL": "trace"])
        try await server.api.allScansEnded()
        let secret = try #require(server.api.token)
        #expect(!Lab.text(server.process.output).contains(secret))
        for entry in Processes.descendants(of: server.process.id) { #expect(!entry.command.contains(secret)) }
        #expect(!Processes.text(server.process.id, "cmdline").contains(secret))
        #expect(try await server.stop() == .code(0))
        for file in try FileManager.default.contentsOfDirectory(atPath: library.lab.data) where file != "admin-token" {
            let bytes = FileManager.default.contents(atPath: library.lab.data + "/" + file) ?? Data()
            #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(file)")
        }
    }
}
