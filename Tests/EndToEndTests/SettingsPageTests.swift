import Contracts
import Foundation
import TestSupport
import Testing

/// The settings in a real browser, on a real server.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct SettingsPageTests {
    private static let hostile = "<img src=x onerror=window.broken=1>\"'&"

    @Test("Sign in with a password, make and revoke a token, add and remove a folder, change the password")
    func journey() async throws {
        let lab = try Lab()
        try FileManager.default.createDirectory(atPath: lab.music, withIntermediateDirectories: true)
        let server = try await ServerProcess.start(lab, .serve)
        _ = try await server.api.ask(
            .post, "/v1/accounts", ["name": "grace", "role": "admin", "password": "correct horse"])
        let browser = try await Browser.start(in: lab)
        try await browser.show(width: 1100, height: 900)
        try await browser.open(server.api.base + "/settings")
        try await browser.becomes("location.pathname === '/sign-in'")
        try await browser.picture("sign-in")
        try await signIn(browser, "wrong horse")
        try await browser.becomes("document.querySelector('.problem')?.textContent.includes('Not signed in') === true")
        #expect(try await browser.value("document.querySelector('#name').value") == "grace")
        try await browser.type("correct horse")
        try await browser.press("Enter")
        try await browser.becomes("location.pathname === '/settings'")
        try await tokens(browser, server)
        try await roots(browser, server, lab)
        try await password(browser, server)
        try await looks(browser, server)
        #expect(try await browser.value("window.broken === undefined") == true)
        // Each is the answer to a wrong input, which the browser logs as an error.
        #expect(browser.complaints.filter { !$0.contains("status of 4") } == [])
        try await browser.close()
    }

    private func signIn(_ browser: Browser, _ password: String) async throws {
        #expect(try await browser.value("document.activeElement.id") == "name")
        try await browser.type("grace")
        try await browser.press("Tab")
        try await browser.type(password)
        try await browser.press("Enter")
    }

    private func fill(_ browser: Browser, _ selector: String, _ text: String) async throws {
        try await browser.value("document.querySelector('\(selector)').value = ''")
        try await browser.value("document.querySelector('\(selector)').focus()")
        try await browser.type(text)
    }

    private func press(_ browser: Browser, _ selector: String) async throws {
        try await browser.value("document.querySelector(\"\(selector)\").scrollIntoView({ block: 'center' })")
        try await browser.click(selector)
    }

    private func says(_ browser: Browser, _ text: String, _ selector: String = ".notice") async throws {
        try await browser.becomes("document.querySelector('\(selector)')?.textContent.includes('\(text)') === true")
    }

    private func tokens(_ browser: Browser, _ server: ServerProcess) async throws {
        try await browser.open(server.api.base + "/settings/tokens")
        try await fill(browser, "#token-name", Self.hostile)
        try await browser.press("Enter")
        try await browser.becomes("document.querySelector('#secret') !== null")
        try await browser.picture("token-made")
        let secret = try #require(try await browser.value("document.querySelector('#secret').textContent").text)
        var bearer = server.api
        bearer.token = secret
        #expect(try await bearer.send(.get, "/v1/library").status == 200)
        try await press(browser, "#copy")
        try await browser.becomes("document.querySelector('#copied').textContent.length > 0")
        try await press(browser, "main a.button")
        try await browser.becomes("document.querySelector('tbody') !== null")
        #expect(try await browser.value("document.body.textContent.includes('\(secret)')") == false)
        #expect(try await browser.value("document.querySelector('main').textContent.includes('<img src=x')") == true)
        try await press(browser, "tbody tr:last-child a")
        try await browser.becomes("location.pathname.endsWith('/revoke')")
        try await browser.picture("token-revoke")
        try await press(browser, "main form button")
        try await says(browser, "The token opens nothing any more.")
        #expect(try await bearer.send(.get, "/v1/library").status == 401)
    }

    private func roots(_ browser: Browser, _ server: ServerProcess, _ lab: Lab) async throws {
        try await browser.open(server.api.base + "/settings/roots")
        try await fill(browser, "#root-path", "/no/such/folder")
        try await browser.press("Enter")
        try await says(browser, "There is no folder", "#root-path-problem")
        #expect(try await browser.value("document.querySelector('#root-path').value") == "/no/such/folder")
        try await browser.picture("roots-problem")
        try await fill(browser, "#root-path", lab.music)
        try await browser.press("Enter")
        try await says(browser, "The folder is a library root.")
        #expect(try await server.api.ask(.get, "/v1/roots").items.count == 1)
        try await press(browser, "form[action$='/scan'] button")
        try await says(browser, "The scan begins.")
        try await browser.picture("roots")
        try await upkeep(browser, server)
        try await press(browser, "main a[href$='/remove']")
        try await browser.becomes("location.pathname.endsWith('/remove')")
        try await browser.picture("root-remove")
        try await press(browser, "main form button")
        try await says(browser, "The folder is no library root any more.")
        #expect(try await server.api.ask(.get, "/v1/roots").items.isEmpty)
    }

    /// What is wrong is said in the form, which is open then; a usual schedule is chosen, another is typed.
    private func upkeep(_ browser: Browser, _ server: ServerProcess) async throws {
        try await press(browser, "main details summary")
        try await browser.picture("root-upkeep")
        try await fill(browser, "main details input[name=other]", "hourly")
        try await browser.press("Enter")
        try await says(browser, "A schedule is auto, off", "main details .problem")
        #expect(try await browser.value("document.querySelector('main details').open") == true)
        #expect(try await browser.value("document.activeElement.value") == "hourly")
        try await browser.picture("root-upkeep-problem")
        try await fill(browser, "main details input[name=other]", "every 90m")
        try await browser.press("Enter")
        try await says(browser, "The folder is kept up to date so")
        #expect(try await server.api.ask(.get, "/v1/roots").items.first?["schedule"] == "every 90m")
        #expect(try await browser.value("document.querySelector('main details').open") == false)
        try await press(browser, "main details summary")
        try await browser.value("document.querySelector('main details [name=schedule]').value = 'daily 03:30'")
        try await browser.value("document.querySelector('main details [name=watch]').value = 'off'")
        try await press(browser, "main details form button")
        try await browser.becomes("document.querySelector('.facts').textContent.includes('every day at 03:30')")
        let root = try #require(try await server.api.ask(.get, "/v1/roots").items.first)
        #expect(root["schedule"] == "daily 03:30" && root["watch"] == false)
    }

    private func password(_ browser: Browser, _ server: ServerProcess) async throws {
        try await browser.open(server.api.base + "/settings/account")
        try await fill(browser, "#own-current_password", "correct horse")
        try await fill(browser, "#own-password", "battery staple")
        try await fill(browser, "#own-repeated", "battery stable")
        try await browser.press("Enter")
        try await says(browser, "not the same", "#own-repeated-problem")
        try await browser.picture("account-problem")
        try await fill(browser, "#own-current_password", "correct horse")
        try await fill(browser, "#own-password", "battery staple")
        try await fill(browser, "#own-repeated", "battery staple")
        try await browser.press("Enter")
        try await says(browser, "Your password is changed.")
        try await press(browser, ".top form button")
        try await browser.becomes("location.pathname === '/sign-in'")
        try await signIn(browser, "battery staple")
        try await browser.becomes("location.pathname === '/'")
    }

    private func fits(_ browser: Browser, _ width: Int, _ name: String) async throws {
        try await browser.becomes("innerWidth === \(width)")
        let wide = try await browser.value(
            """
            [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > \(width))
              .map((one) => one.outerHTML.slice(0, 120)).join(' | ')
            """)
        #expect(wide == "", "\(name) at \(width)")
        #expect(try await browser.value("document.documentElement.scrollWidth") == .integer(Int64(width)), "\(name)")
    }

    /// Nothing is wider than the window, on any page, and all of it is reached by keys.
    private func looks(_ browser: Browser, _ server: ServerProcess) async throws {
        let account = try #require(
            try await server.api.ask(.get, "/v1/accounts").items.first { $0["name"]?.text == "grace" }?["id"]?.int)
        _ = try await server.api.ask(.post, "/v1/roots", ["path": "/usr"])
        for (page, name) in [
            ("", "index"), ("/account", "account"), ("/connections", "connections"), ("/roots", "roots"),
            ("/tokens", "tokens"), ("/accounts", "accounts"), ("/accounts/\(account)", "one-account"),
            ("/services", "services"), ("/server", "server"), ("/accounts/\(account)/remove", "account-remove"),
        ] {
            try await browser.show(width: 1100, height: 900)
            try await browser.open(server.api.base + "/settings" + page)
            try await fits(browser, 1100, name)
            try await browser.picture("settings-\(name)-light")
            try await browser.show(width: 1100, height: 900, isDark: true)
            try await browser.picture("settings-\(name)-dark")
            try await browser.show(width: 360, height: 900)
            try await fits(browser, 360, name)
            try await browser.picture("settings-\(name)-narrow")
            let all = "main button, main input:not([type=hidden]):not([hidden]), main select, main a"
            #expect(
                try await browser.value("[...document.querySelectorAll('\(all)')].every((one) => one.tabIndex === 0)")
                    == true, "\(name)")
        }
    }
}
