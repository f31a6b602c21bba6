import Contracts
import HTTPTypes
import Hummingbird
import NIOCore
import Testing
import UseCases

@testable import API

struct ProblemTests {
    @Test("Whatever a store throws becomes the one status that is meant for it, without its details")
    func storeErrors() async throws {
        let cases: [(StoreError, Int, String?)] = [
            (.notFound("no such scan"), 404, nil), (.conflict("taken"), 409, nil),
            (.preconditionFailed("not dead"), 409, nil),
            (.retryable(afterSeconds: 2.2, "SQLITE_BUSY secret"), 503, "3"),
            (.retryable(afterSeconds: -1, "secret"), 503, "1"),
            (.retryable(afterSeconds: .infinity, "secret"), 503, "60"),
            (.retryable(afterSeconds: 1e300, "secret"), 503, "86400"),
            (.outOfSpace("/var/secret"), 507, nil), (.fatal("SELECT secret"), 500, nil),
        ]
        for (error, status, retryAfter) in cases {
            let server = try TestServer()
            server.store.change { $0.failure = error }
            let answer = try await server.send(.delete, "/v1/scans/scan-1")
            #expect(answer.status == status)
            #expect(answer.headers[.retryAfter] == retryAfter)
            #expect(!answer.text.contains("secret"))
            #expect(answer.json["status"] == .integer(Int64(status)))
        }
    }

    @Test("A problem has the members of RFC 9457 and the name of the request")
    func members() async throws {
        let headers: HTTPFields = [HTTPField.Name("X-Request-Id")!: "abc-1.2_3"]
        let answer = try await TestServer().send(.get, "/nowhere", headers: headers)
        #expect(answer.json.keys == ["detail", "request_id", "status", "title", "type"])
        #expect(answer.json["type"] == "about:blank")
        #expect(answer.json["title"] == "Not Found")
        #expect(answer.json["request_id"] == "abc-1.2_3")
        #expect(answer.headers[HTTPField.Name("X-Request-Id")!] == "abc-1.2_3")
    }

    @Test("A request id that could do harm is replaced", arguments: ["", "a b", "a\"b", "<script>", "é", "a;b"])
    func badRequestIDs(given: String) async throws {
        let name = HTTPField.Name("X-Request-Id")!
        let answer = try await TestServer().send(.get, "/healthz", headers: [name: given])
        let id = try #require(answer.headers[name])
        #expect(id != given)
        #expect(id.count >= 16)
    }

    @Test("A known path says which methods it has")
    func methods() async throws {
        let server = try TestServer()
        let cases: [(HTTPRequest.Method, String, String)] = [
            (.put, "/v1/scans", "GET, HEAD, POST"), (.patch, "/v1/scans/1", "DELETE, GET, HEAD"),
            (.post, "/healthz", "GET, HEAD"), (.get, "/v1/tasks/1/retry", "POST"),
            (.init("PROPFIND")!, "/", "GET, HEAD"), (.options, "/v1/tracks", "GET, HEAD"),
            (.trace, "/v1/tokens/1", "DELETE"), (.get, "/v1/tasks/retry", "POST"),
        ]
        for (method, target, allow) in cases {
            let answer = try await server.send(method, target, as: nil)
            #expect(answer.status == 405)
            #expect(answer.headers[.allow] == allow)
        }
    }

    @Test("HEAD answers as GET does, without the body")
    func head() async throws {
        let server = try TestServer()
        let get = try await server.send(.get, "/v1/tracks/1")
        let head = try await server.send(.head, "/v1/tracks/1")
        #expect(head.status == 200)
        #expect(head.body.readableBytes == 0)
        #expect(head.headers[.contentLength] == get.headers[.contentLength])
        #expect(try await server.send(.head, "/v1/scans/scan-1/events").body.readableBytes == 0)
        #expect(try await server.send(.head, "/v1/tracks/99").status == 404)
    }

    @Test(
        "A body that is not JSON is refused",
        arguments: ["", "{", "{\"path\":}", "nonsense", "{\"path\":\"/music\"} x", "{'path':1}", "\u{FEFF}", "NaN"])
    func malformed(body: String) async throws {
        let server = try TestServer()
        let answer = try await server.send(.post, "/v1/scans", json: body)
        #expect(answer.status == 400)
        #expect(server.store.change { $0.scans.count } == 1)
    }

    @Test("Deep nesting, a NUL and broken UTF-8 are refused before anything is made of them")
    func hostileJSON() async throws {
        let server = try TestServer()
        for depth in [65, 600, 100_000] {
            let json = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            #expect(try await server.send(.post, "/v1/scans", json: json).status == 400)
        }
        let nested = String(repeating: "{\"a\":", count: 60) + "1" + String(repeating: "}", count: 60)
        let deep = "{\"task\":\"noop\",\"version\":9,\"payload\":\(nested)}"
        #expect(try await server.send(.post, "/v1/tasks", json: deep).status == 202)
        #expect(try await server.send(.post, "/v1/scans", json: #"{"path":"/music/\u0000"}"#).status == 400)
        let headers: HTTPFields = [.contentType: "application/json"]
        let invalid = ByteBuffer(bytes: Array("{\"path\":\"/music/".utf8) + [0xFF, 0x22, 0x7D])
        #expect(try await server.send(.post, "/v1/scans", body: invalid, headers: headers).status == 400)
    }

    @Test("Numbers beyond all bounds are refused, not trapped on")
    func numbers() async throws {
        let server = try TestServer()
        for number in ["1e999", "-1e999", "99999999999999999999999999", "-9223372036854775809", "1.5", "-0"] {
            let json = "{\"task\":\"noop\",\"version\":\(number),\"payload\":{}}"
            #expect([400, 422].contains(try await server.send(.post, "/v1/tasks", json: json).status))
        }
    }

    @Test("A body over the limit is refused, whether its length is declared or not")
    func tooLarge() async throws {
        let body = ByteBuffer(repeating: UInt8(ascii: " "), count: APIOptions.maxBodyBytes + 1)
        let answer = try await TestServer().send(
            .post, "/v1/scans", body: body, headers: [.contentType: "application/json"])
        #expect(answer.status == 413)
    }

    @Test(
        "A body that is not declared to be JSON is refused, so that no form of another site can post one",
        arguments: [
            "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx",
            "text/plain; application/json", "application/json; charset=latin1",
        ])
    func mediaTypes(type: String) async throws {
        let headers: HTTPFields = [.contentType: type]
        let answer = try await TestServer().send(.post, "/v1/scans", json: #"{"path":"/music"}"#, headers: headers)
        #expect(answer.status == 415)
    }

    @Test("JSON in UTF-8 is taken however its type is written")
    func goodMediaTypes() async throws {
        for type in ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""] {
            let answer = try await TestServer().send(
                .post, "/v1/scans", json: #"{"path":"/music"}"#, headers: [.contentType: type])
            #expect(answer.status == 202)
        }
    }

    @Test("A URL that is too long, has too many parameters or is badly encoded is refused")
    func targets() async throws {
        let server = try TestServer()
        let long = String(repeating: "a", count: RequestTarget.maxLength)
        #expect(try await server.send(.get, "/v1/tracks?x=\(long)").status == 414)
        let many = (0...RequestTarget.maxQueryParameters).map { "p\($0)=1" }.joined(separator: "&")
        #expect(try await server.send(.get, "/v1/tracks?\(many)").status == 400)
        #expect(try await server.send(.get, "/v1/tracks?%zz=1").status == 400)
        #expect(try await server.send(.get, "/v1/tracks?a=%C3%28").status == 400)
        #expect(try await server.send(.get, "http://localhost/healthz").status == 200)
    }
}
