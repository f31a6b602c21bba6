import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// A form of a settings page: what it sends, what is done with it, and the page that says what was wrong.
struct SettingsForm: Sendable {
    let path: String
    let name: String
    let summary: String
    var access = Route.Access.admin
    var parameters: [ParameterSpec] = []
    var fields: [BodySpec.Member] = []
    /// Where a page, not a redirect, follows.
    var page: String?

    /// What a page says when something was wrong; nothing was done.
    private static let refusals = [HTTPResponse.Status.conflict, .unprocessableContent, .tooManyRequests].map {
        Route.Answer(status: $0, description: "The page, and what is wrong.", content: Route.page)
    }

    /// - Parameter again: the page with the form as it was filled in.
    func route(
        _ act: @escaping @Sendable (APIRequest) async throws -> Response,
        again: @escaping @Sendable (APIRequest, FormState) async throws -> WebPage
    ) -> Route {
        let page = page.map { [Route.Answer(status: .ok, description: $0, content: Route.page)] } ?? []
        return Route(
            .post, path, name, summary, access: access, parameters: parameters,
            body: BodySpec(name.prefix(1).uppercased() + name.dropFirst(), as: .form, fields + [.init(Body.csrf)]),
            bodyLimit: Body.maxFormBytes, answers: [Route.redirect] + page + Self.refusals,
            problems: [.insufficientStorage]
        ) { request in
            do {
                return try await act(request)
            } catch let problem as FormProblem {
                return try await again(request, FormState(request.body, problem))
                    .response(.unprocessableContent)
            } catch StoreError.conflict(let why) {
                return try await again(request, FormState(request.body, FormProblem("", why.sentence)))
                    .response(.conflict)
            } catch let problem as Problem where problem.status == .tooManyRequests {
                return try await again(request, FormState(request.body, FormProblem("", problem.detail.sentence)))
                    .response(problem.status, headers: problem.headers)
            }
        }.asPage()
    }
}

extension FormState {
    /// What is wrong with no field of its own.
    var banner: HTML {
        guard let problem, problem.field.isEmpty else { return HTML() }
        return HTML(.p, .named("notice problem"), .init(.role, "alert")) { problem.text }
    }
}

extension String {
    /// Of what stores say, which begins small and ends without a point.
    var sentence: String { titled + (hasSuffix(".") ? "" : ".") }

    /// Of what was typed or pasted.
    var trimmingSpaces: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
