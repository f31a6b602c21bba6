import Contracts
import Domain
import HTTPTypes
import Testing
import UseCases

struct SemanticRoutesTests {
    @Test("Words find tracks, with the space in which they were compared")
    func search() async throws {
        let server = try TestServer()
        let answer = try await server.send(.get, "/v1/search/semantic?q=slow%20piano,%20sad&limit=2", as: "user").json
        #expect(answer["items"]?.count == 2)
        #expect(answer["items"]?[0]?["score"] == 0.25)
        #expect(answer["items"]?[0]?["track"]?["id"] == 1)
        #expect(answer["space"] == "ollama:words@0123456789ab/3")
        #expect(answer["compared"] == 5)
    }

    @Test("No words, too many and unknown parameters are refused", arguments: ["", "?q=", "?q=a&limit=0", "?q=a&x=1"])
    func refused(query: String) async throws {
        #expect(try await TestServer().send(.get, "/v1/search/semantic" + query, as: "user").status == 400)
    }

    @Test(
        "Why there is no answer is said: 409 when somebody has to do something, 503 when waiting helps",
        arguments: [
            (SemanticProblem.noModel, 409, "SILLON_EMBEDDING_MODELS"),
            (.unknownModel("x", known: ["ollama:a"]), 409, "ollama:a"),
            (.refused("ollama pull a"), 409, "ollama pull a"),
            (.away("Ollama is away", seconds: 7.2), 503, "Ollama is away"),
        ])
    func problems(problem: SemanticProblem, status: Int, word: String) async throws {
        let server = try TestServer()
        server.store.change { $0.semanticProblem = problem }
        let answer = try await server.send(.get, "/v1/search/semantic?q=a", as: "user")
        #expect(answer.status == status)
        #expect(answer.text.contains(word))
        #expect(answer.headers[.retryAfter] == (status == 503 ? "8" : nil))
    }

    @Test("The models are listed with their spaces and what their cache did")
    func models() async throws {
        let model = try await TestServer().send(.get, "/v1/models", as: "user").json["items"]?[0]
        #expect(model?["state"] == "away" && model?["detail"] == "it does not answer")
        #expect(model?["spaces"]?[0]?["vectors"] == 5 && model?["spaces"]?[0]?["dimension"] == 3)
        #expect(model?["cache"] == ["entries": 1, "hits": 2, "misses": 3, "evictions": 4])
    }

    @Test("Only an admin deletes vectors")
    func invalidate() async throws {
        let server = try TestServer()
        let refused = try await server.send(
            .post, "/v1/vectors/invalidate", as: "user", json: #"{"pattern": "ollama:*"}"#)
        #expect(refused.status == 403)
        let answer = try await server.send(.post, "/v1/vectors/invalidate", json: #"{"pattern": "ollama:*"}"#)
        #expect(answer.json == ["deleted": 3, "forgotten": 1])
        #expect(server.store.change { $0.actors } == ["ollama:*"])
        #expect(try await server.send(.post, "/v1/vectors/invalidate", json: "{}").status == 422)
    }
}
