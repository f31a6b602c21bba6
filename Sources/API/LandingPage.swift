/// The first page: plain HTML without style or script, so that its content policy can forbid both.
enum LandingPage {
    static func html(version: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sillon</title></head>
        <body>
        <h1>Sillon \(escape(version))</h1>
        <p>A music library that listens to every file and answers &ldquo;what sounds like this?&rdquo;.</p>
        <p>The API is described in <a href="/openapi.json">/openapi.json</a>. Requests carry an access token, such as the
        one in the file <code>admin-token</code> of the data folder: <code>Authorization: Bearer TOKEN</code>.</p>
        <p>From a shell: <code>sillon status</code>, <code>sillon search TEXT</code>, <code>sillon similar TEXT</code>,
        <code>sillon --help</code>.</p>
        </body>
        </html>

        """
    }

    private static func escape(_ text: String) -> String {
        text.reduce(into: "") { html, character in
            switch character {
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "&": html += "&amp;"
            case "\"": html += "&quot;"
            default: html.append(character)
            }
        }
    }
}
