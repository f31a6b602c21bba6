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

    @Test(
        "A value that libpq does not take is nothing that time could cure",
        arguments: [
            ("postgres://sillon@127.0.0.1:99999999/music", "99999999"),
            ("postgres://sillon@127.0.0.1:1/music?sslmode=bogus", "sslmode"),
            ("postgres://sillon@127.0.0.1:1/music?connect_timeout=soon", "connect_timeout"),
            ("postgres://sillon@127.0.0.1:1/music?service=nowhere", "nowhere"),
        ])
    func wrongValue(_ text: String, word: String) async throws {
        let database = PostgresDatabase(try PostgresURL(text))
        await #expect {
            try await database.read { _ in }
        } throws: { error in
            if case StoreError.fatal(let why) = error { why.contains(word) } else { false }
        }
        database.close()
    }

    @Test("An option that does not exist is named, unless it may be a part of the password")
    func unknownOption() {
        func refusal(_ text: String) -> String {
            "\(String(describing: #expect(throws: StoreError.self) { try PostgresURL(text) }))"
        }
        #expect(refusal("postgres://sillon:secret@db/music?colour=red").contains("colour"))
        #expect(refusal("postgres:///music?host=db&colour=red").contains("colour"))
        #expect(!refusal("postgres://sillon:sec?ret=1").contains("ret"))
    }
}
