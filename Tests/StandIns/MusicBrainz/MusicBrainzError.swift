/// What goes wrong, with the status under which it comes.
struct MusicBrainzError: Error {
    let status: Int
    let message: String
    /// Where the thing is now, for an id that was merged into another.
    var location: String?

    init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
    }

    static let badID = MusicBrainzError(400, "Invalid mbid.")
    static let notFound = MusicBrainzError(404, "Not Found")
    static let tooFast = MusicBrainzError(
        503,
        "Your requests are exceeding the allowable rate limit. Please see https://wiki.musicbrainz.org/XMLWebService "
            + "for more information.")
    private static let help = "For usage, please see: https://musicbrainz.org/development/mmd"

    func reply(isJSON: Bool) -> Reply {
        if let location { return .redirect(to: location, status: status) }
        guard !isJSON else { return .json(["error": .string(message), "help": .string(Self.help)], status: status) }
        let text = "<text>\(Node.escaped(message))</text><text>\(Self.help)</text>"
        return .text(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><error>\(text)</error>", status: status,
            type: "application/xml; charset=utf-8")
    }
}
