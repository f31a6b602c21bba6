import Hummingbird

/// What is asked for once more before it is done: the page with the question, and the form that answers it.
struct ConfirmedForm: Sendable {
    /// Of both; it has an `{id}`.
    let path: String
    let ask: (name: String, summary: String)
    let act: (name: String, summary: String)
    /// No time limit ends what is done.
    var takesLong = false

    func routes(
        _ question: @escaping @Sendable (APIRequest) async throws -> Confirmation,
        _ answer: @escaping @Sendable (APIRequest) async throws -> Response
    ) -> [Route] {
        let form = SettingsForm(path: path, name: act.name, summary: act.summary, parameters: [ParameterSpec(.id)])
            .route(answer) { try await question($0).page($0, $1) }
        return [
            .page(path, ask.name, ask.summary, access: .admin, parameters: [ParameterSpec(.id)]) {
                try await question($0).page($0)
            },
            takesLong ? form.waiting() : form,
        ]
    }
}
