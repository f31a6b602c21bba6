import Testing

@testable import API

@Suite struct MarkupTests {
    @Test(
        "Text is shown as it is, whatever it holds",
        arguments: [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"), ("\"'&", "&quot;&#39;&amp;"),
            ("a\u{1B}[31mb", "a\\u{1b}[31mb"), ("left\u{202E}right", "left\\u{202e}right"), ("é日本", "é日本"),
            // A combining mark makes one character of it and what is before it, which browsers see all the same.
            ("<\u{301}b>\"\u{301}", "&lt;\u{301}b&gt;&quot;\u{301}"),
        ])
    func text(text: String, markup: String) {
        let html = HTML(.span) { text }
        #expect(html.markup == "<span>\(markup)</span>")
    }

    @Test("A value cannot end its attribute")
    func attributes() {
        let html = HTML(.input, .init(.value, "\" onfocus=\"x"), .init(.required))
        #expect(html.markup == "<input value=\"&quot; onfocus=&quot;x\" required>")
    }

    @Test(
        "Only what stays on this server is a path",
        arguments: [
            ("/", true), ("/map", true), ("/map?model=a%20b", true), ("//evil.example", false), ("/\\evil", false),
            ("https://evil.example", false), ("map", false), ("", false), ("/a\r\nSet-Cookie: x", false),
            ("/\t/evil", false), ("/ä", false), ("javascript:alert(1)", false), ("/a\\b", false),
        ])
    func paths(text: String, isLocal: Bool) {
        #expect((LocalPath(text) != nil) == isLocal)
    }

    @Test("A query parameter is encoded, whatever it holds")
    func query() {
        let path: LocalPath = "/sign-in"
        #expect(path.with("next", "/a?b=c&d").text == "/sign-in?next=%2Fa%3Fb%3Dc%26d")
    }

    @Test("A form says that it is ours where a session would be asked, and a time is read by people and programs")
    func parts() {
        let form = HTML.form("/go", csrf: "a\"b", class: "x") { HTML(.button) { "Go" } }
        #expect(form.markup.hasPrefix("<form method=\"post\" action=\"/go\" class=\"x\"><button>Go</button>"))
        #expect(form.markup.contains("type=\"hidden\" name=\"csrf\" value=\"a&quot;b\""))
        #expect(!HTML.form("/go", csrf: nil) { HTML(.button) { "Go" } }.markup.contains("csrf"))
        let time = HTML.time(1_795_290_305_123_000)
        #expect(time.markup == "<time datetime=\"2026-11-21T19:45:05.123Z\">2026-11-21 19:45 UTC</time>")
    }
}
