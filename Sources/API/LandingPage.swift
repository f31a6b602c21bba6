/// The first page, for people with and without a browser that shows styles.
enum LandingPage {
    static func page(version: String, viewer: WebPage.Viewer) -> WebPage {
        WebPage("Sillon", viewer: viewer) {
            HTML(.main, .named("text")) {
                HTML(.h1) { "Sillon \(version)" }
                HTML(.p) { "A music library that listens to every file and answers “what sounds like this?”." }
                HTML(.p) { HTML(.a, .href("/map"), .named("button")) { "Open the map" } }
                HTML(.p) {
                    "The API is described in "
                    HTML(.a, .href("/openapi.json")) { "/openapi.json" }
                    ". Requests carry an access token, such as the one in the file "
                    HTML(.code) { "admin-token" }
                    " of the data folder: "
                    HTML(.code) { "Authorization: Bearer TOKEN" }
                    "."
                }
                HTML(.p) {
                    "From a shell: "
                    HTML(.code) { "sillon status" }
                    ", "
                    HTML(.code) { "sillon search TEXT" }
                    ", "
                    HTML(.code) { "sillon similar TEXT" }
                    ", "
                    HTML(.code) { "sillon --help" }
                    "."
                }
            }
        }
    }
}
