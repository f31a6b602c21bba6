import Testing
import UseCases

@testable import Persistence

@Suite struct PostgresURLTests {
    @Test(
        "A password that libpq would cut in two is refused, and no part of it shown",
        arguments: [
            "postgres://sillon:top/secret@db:5432/music", "postgres://sillon:top@secret@db/music",
            "postgres://we%20ird:p@ss/w:rd@db/music", "postgresql://top:secret@db/music@top",
        ])
    func ambiguous(_ text: String) {
        let refusal = #expect(throws: StoreError.self) { try PostgresURL(text) }
        #expect(!"\(String(describing: refusal))".contains("top"))
        #expect("\(String(describing: refusal))".contains("%40"))
    }

    @Test(
        "Passwords that are written as URLs ask for are read",
        arguments: [
            "postgres://sillon:top%2Fse%40cret@db:5432/music", "postgres://sillon@db/music?password=top/se@cret",
            "postgres:///music?host=/run/postgresql&user=sillon&password=top/se@cret",
        ])
    func read(_ text: String) throws {
        let url = try PostgresURL(text)
        #expect(url.parameters["user"] == "sillon" && url.password == "top/se@cret")
        #expect(!url.description.contains("cret"))
    }
}
