import HTTPTypes
import Testing

@testable import API

/// `/settings`
@Suite struct SettingsPagesTests {
    private let server: TestServer

    init() throws {
        server = try TestServer()
    }

    @Test("The first page leads to every section that is for whoever asks, and each says where it is")
    func sections() async throws {
        for (secret, isAdmin) in [("user", false), ("admin", true)] {
            let index = try await server.send(.get, "/settings", as: secret)
            #expect(index.status == 200 && index.text.contains("aria-current=\"page\">Settings"))
            for section in SettingsSection.allCases {
                let isShown = isAdmin || !section.isForAdmins
                #expect(index.text.contains("href=\"\(section.path.text)\"") == isShown, "\(section.name)")
                let page = try await server.send(.get, section.path.text, as: secret)
                #expect(page.status == (isShown ? 200 : 403), "\(section.name)")
                guard isShown else { continue }
                #expect(
                    page.text.contains("aria-current=\"page\">\(HTML(text: section.name).markup)</a>"),
                    "\(section.name)")
                #expect(page.text.contains("<h1>"), "\(section.name)")
            }
        }
        #expect(try await server.send(.get, "/settings", as: "worker").status == 403)
    }
}
