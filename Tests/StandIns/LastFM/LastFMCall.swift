/// One call of a method: its parameters, from the query and the form together, and who may make it.
struct LastFMCall: Sendable {
    let parameters: Parameters
    let isPost: Bool
    /// Where images and pages are, as the client reaches us.
    let origin: String

    init(_ request: Request) {
        parameters = Parameters(request.query.items + request.form.items)
        isPost = request.method == "POST"
        origin = request.origin
    }

    /// In lower case.
    var method: String { (parameters["method"] ?? "").lowercased() }
    var isJSON: Bool { parameters["format"]?.lowercased() == "json" }
    var isAutocorrected: Bool { parameters["autocorrect"] == "1" }

    func required(_ name: String) throws(LastFMError) -> String {
        guard let value = parameters.filled(name) else {
            throw LastFMError(6, "Invalid parameters - Your request is missing the parameter \(name)")
        }
        return value
    }

    func limit(_ standard: Int) -> Int { min(max(parameters.int("limit") ?? standard, 1), 1000) }

    func checkKey(_ settings: LastFMSettings) throws(LastFMError) {
        guard let key = parameters["api_key"], settings.secrets[key] != nil else { throw LastFMError(10) }
        if settings.suspended.contains(key) { throw LastFMError(26) }
    }

    func checkSignature(_ settings: LastFMSettings) throws(LastFMError) {
        let secret = settings.secrets[parameters["api_key"] ?? ""] ?? ""
        let expected = LastFMSignature.sign(parameters.items, secret: secret)
        guard parameters["api_sig"]?.lowercased() == expected else { throw LastFMError(13) }
    }

    /// Writes are signed, carry a session, and are posted.
    func checkWrite(_ settings: LastFMSettings, _ state: LastFMState) throws(LastFMError) -> String {
        guard isPost else { throw LastFMError(3, "Invalid Method - This method needs a POST") }
        try checkSignature(settings)
        guard let user = state.sessions[parameters["sk"] ?? ""] else { throw LastFMError(9) }
        return user
    }
}
