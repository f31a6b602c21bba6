import HTTPTypes
import Hummingbird

/// What went wrong with a page, for people.
struct PageProblem: Sendable {
    let problem: Problem
    let request: Request

    var response: Response {
        guard problem.status == .unauthorized else { return page.response(problem.status, headers: problem.headers) }
        return signIn
    }

    /// To the form, and from there back to where they wanted to go.
    private var signIn: Response {
        let wanted = CrossSiteGuard.isSafe(request.method) ? request.head.path.flatMap(LocalPath.init) : nil
        var form: LocalPath = "/sign-in"
        if let wanted { form = form.with("next", wanted.text) }
        var headers: HTTPFields = [.location: form.text]
        // A session that has ended is forgotten, so that it is not taken for one more failed sign-in each time.
        if BrowserSession.secret(in: request.headers) != nil {
            headers[.setCookie] = BrowserSession.clearCookie(isSecure: BrowserSession.isSecure(request.headers))
        }
        return Response(status: .seeOther, headers: headers)
    }

    /// Whose session it is was perhaps what could not be found out: a page that fails knows only that there is one.
    private var viewer: WebPage.Viewer {
        BrowserSession.secret(in: request.headers) == nil ? .anybody : .signedIn(csrf: nil, isAdmin: false)
    }

    private var page: WebPage {
        WebPage(problem.status.reasonPhrase, viewer: viewer) {
            HTML(.main, .named("text")) {
                HTML(.h1) { problem.status.reasonPhrase }
                HTML(.p) { problem.detail }
                HTML(.p) { HTML(.a, .href("/")) { "To the first page" } }
            }
        }
    }
}
