import Domain
import HTTPTypes
import Testing
import UseCases

@testable import API

/// `/settings/roots`
@Suite struct RootsPageTests {
    private let server: TestServer
    private static let path = "/settings/roots"

    init() throws {
        server = try TestServer()
    }

    @Test("A folder is added, scanned, and removed when that is confirmed")
    func life() async throws {
        let admin = try await SignedInBrowser(server, "admin")
        let added = try await admin.post(Self.path, "path=%2Flink%2F")
        #expect(added.headers[.location] == "/settings/roots?done=rootAdded")
        #expect(server.store.change { $0.roots } == [FilePath("/music"), FilePath("/new")], "links are followed")
        let page = try await admin.get(Self.path)
        #expect(page.text.contains("/music") && page.text.contains("not found") && page.text.contains("running"))
        #expect(!page.text.contains("not reachable"))
        #expect(try await admin.post(Self.path + "/2/scan").headers[.location] == "/settings/roots?done=scanStarted")
        #expect(server.store.change { $0.newScans.map(\.path) } == [FilePath("/new")])
        let question = try await admin.get(Self.path + "/2/remove")
        #expect(question.text.contains("/new will be no library root") && question.text.contains("No file is touched"))
        #expect(server.store.change { $0.roots.count } == 2)
        #expect(try await admin.post(Self.path + "/2/remove").headers[.location] == "/settings/roots?done=rootRemoved")
        #expect(server.store.change { $0.roots } == [FilePath("/music")])
        #expect(try await admin.post(Self.path + "/2/remove").status == 404)
        #expect(try await admin.get(Self.path + "/2/remove").status == 404)
    }

    @Test(
        "What is wrong with a path is said beside it, and the path is kept",
        arguments: [
            ("music", "A path begins with a slash"), ("/a/../b", "A path begins with a slash"),
            ("", "begins with a slash"),
            ("/nowhere", "There is no folder &quot;/nowhere&quot;"), ("/jazz", "Another root holds the folder"),
        ])
    func refusals(path: String, text: String) async throws {
        let admin = try await SignedInBrowser(server, "admin")
        let again = try await admin.post(Self.path, "path=\(PercentCoding.encode(path))")
        #expect(again.status == 422 && again.text.contains(text))
        #expect(again.text.contains("id=\"root-path-problem\"") && again.text.contains("value=\"\(path)\""))
        #expect(server.store.change { $0.roots.count } == 1)
    }

    @Test("A root whose folder is not there says so")
    func unreachable() async throws {
        server.store.change { $0.roots = [FilePath("/gone")] }
        #expect(try await server.send(.get, Self.path).text.contains("not reachable"))
    }
}
