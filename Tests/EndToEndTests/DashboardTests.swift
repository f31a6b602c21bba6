import Contracts
import Demo
import Domain
import TestSupport
import Testing

/// The dashboard in a real browser, over real music.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct DashboardTests {
    private static let hostile = "<img src=x onerror=window.broken=1>\"'&\u{1B}[31m\n\u{202E}x.mp3"

    /// But for headings of tables, which are for screen readers only where rows are cards.
    private static let outOfFlow = """
        [...document.querySelectorAll('main *')]
          .filter(e => e.tagName !== 'THEAD' && ['absolute', 'fixed'].includes(getComputedStyle(e).position)).length
        """

    @Test("Sign in, start a scan, watch it, requeue a dead letter, pause a role, in light and dark, wide and narrow")
    func journey() async throws {
        let library = try await Library()
        // Its name would like to be markup, and it is no music.
        try library.tree.write("Shelf/" + Self.hostile, Array("this is no music".utf8))
        let server = try await ServerProcess.start(library.lab, .up, music: [library.lab.music])
        try await server.api.allScansEnded()
        let browser = try await Browser.start(in: library.lab)
        try await browser.show(width: 1280, height: 900)
        try await browser.open(server.api.base + "/")
        #expect(try await browser.value("location.pathname + location.search") == "/sign-in?next=%2F")
        try await browser.signIn(with: server.api.token)
        try await browser.becomes("location.pathname === '/' && document.querySelector('#live') !== null")
        try await scanning(browser, library)
        try await pausing(browser)
        try await deadLetter(browser, server)
        try await looks(browser, server)
        #expect(try await browser.value("window.broken === undefined") == true)
        #expect(browser.complaints == [])
        try await browser.close()
    }

    /// More music than is heard at once, so that there is something to watch. The page is never asked for again by us.
    private func scanning(_ browser: Browser, _ library: Library) async throws {
        for song in library.songs {
            for copy in 0..<4 {
                try library.tree.write("More\(copy)/" + song.fileName, song.tagged { $0.title = "Copy \(copy)" })
            }
        }
        // A click has a place in the window.
        try await browser.value("document.querySelector(\"form[action='/scans'] button\").scrollIntoView()")
        try await browser.click("form[action='/scans'] button")
        try await browser.becomes("location.pathname === '/' && document.querySelector('progress') !== null")
        try await browser.value("window.seen = []; window.mark = 1")
        try await browser.becomes(
            """
            (() => {
              const text = document.querySelector('.scan')?.textContent ?? '';
              if (!window.seen.includes(text)) window.seen.push(text);
              return window.mark === 1 && window.seen.length > 1;
            })()
            """)
        try await browser.picture("overview-scanning")
        try await browser.becomes(
            "window.mark === 1 && document.querySelector('progress') === null"
                + " && document.querySelector('.scan').textContent.includes('finished')")
    }

    private func pausing(_ browser: Browser) async throws {
        let pause = "form[action='/queues/audio/pause'] button"
        let resume = "form[action='/queues/audio/resume'] button"
        #expect(try await browser.value("document.querySelector(\"\(pause)\").focus()") == .null)
        try await browser.press("Enter")
        try await browser.becomes("document.querySelector(\"\(resume)\") !== null")
        #expect(try await browser.value("document.querySelector('#live').textContent.includes('paused')") == true)
        try await browser.click(resume)
        try await browser.becomes("document.querySelector(\"\(pause)\") !== null")
    }

    private func deadLetter(_ browser: Browser, _ server: ServerProcess) async throws {
        try await browser.open(server.api.base + "/dead-letters")
        let requeue = "form[action='/tasks/retry'] button"
        try await browser.becomes("document.querySelector(\"\(requeue)\") !== null")
        try await browser.picture("dead-letters")
        let old = try #require(try await server.api.ask(.get, "/v1/tasks?state=dead").items.first?["id"]?.int)
        try await browser.click("main a.button")
        try await browser.becomes("location.pathname === '/tasks' && location.search.includes('state=dead')")
        #expect(try await browser.value("document.body.textContent.includes('<img src=x')") == true)
        try await browser.picture("tasks")
        try await browser.open(server.api.base + "/tasks/\(old)")
        try await browser.picture("task")
        try await browser.open(server.api.base + "/dead-letters")
        try await browser.click(requeue)
        try await until("the task was tried again") {
            let task = try await server.api.ask(.get, "/v1/tasks/\(old)")
            return (task["runs"]?.list.count ?? 0) > 1
        }
    }

    /// Nothing is wider than the window, on any page.
    private func looks(_ browser: Browser, _ server: ServerProcess) async throws {
        for (page, name) in [
            ("/", "overview"), ("/tasks", "tasks"), ("/workers", "workers"), ("/dead-letters", "dead-letters"),
            ("/services", "services"), ("/scans", "scans"),
        ] {
            try await browser.show(width: 1280, height: 900)
            try await browser.open(server.api.base + page)
            try await browser.becomes("document.documentElement.scrollWidth <= 1280")
            try await browser.picture("\(name)-light")
            try await browser.show(width: 1280, height: 900, isDark: true)
            try await browser.picture("\(name)-dark")
            try await browser.show(width: 360, height: 740)
            try await browser.becomes("document.documentElement.scrollWidth <= 360")
            #expect(try await browser.value(Self.outOfFlow) == 0, "nothing lies over something else on \(page)")
            try await browser.picture("\(name)-narrow")
        }
    }
}
