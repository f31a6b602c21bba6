import Synchronization

/// MusicBrainz's web service, `/ws/2`.
package final class MusicBrainzService: StandInService {
    package static let name = "musicbrainz"

    private let store: CatalogueStore
    private let surroundings: Surroundings
    private let pace: Mutex<RequestPace>

    package init(
        _ settings: MusicBrainzSettings = MusicBrainzSettings(), store: CatalogueStore,
        surroundings: Surroundings = .real
    ) {
        self.store = store
        self.surroundings = surroundings
        pace = Mutex(RequestPace(perSecond: settings.perSecond, seconds: settings.windowSeconds))
    }

    package func control(_ command: String, _ request: Request) async -> Reply? {
        command == "catalogue" ? store.control(request) : nil
    }

    package func reply(to request: Request) async -> Reply {
        let isJSON = Self.isJSON(request)
        guard pace.withLock({ $0.take(now: surroundings.now()) }) else {
            return MusicBrainzError.tooFast.reply(isJSON: isJSON ?? true)
        }
        do throws(MusicBrainzError) {
            guard Self.isIdentified(request.header("user-agent")) else {
                throw MusicBrainzError(403, "Your user agent is not identified: App/1.2 ( contact )")
            }
            guard let isJSON else { throw MusicBrainzError(406, "Invalid format. Either set an Accept header (...)") }
            guard request.method == "GET" || request.method == "HEAD" else {
                throw MusicBrainzError(405, "\(request.method) is not allowed on this resource.")
            }
            return try answer(request, isJSON: isJSON)
        } catch {
            return error.reply(isJSON: isJSON ?? true)
        }
    }

    /// Nil for a format that there is not.
    private static func isJSON(_ request: Request) -> Bool? {
        switch request.query["fmt"] {
        case "json": true
        case "xml": false
        case nil: request.header("accept")?.contains("application/json") == true
        default: nil
        }
    }

    /// A name with a version, and a way to reach its people: `App/1.2 ( mail or address )`.
    static func isIdentified(_ agent: String?) -> Bool {
        guard let agent, agent.contains(#/^[^\s\/()]+\/\S+.*\(\s*[^)]*(@|:\/\/|\.)[^)]*\)/#) else { return false }
        return true
    }

    private func answer(_ request: Request, isJSON: Bool) throws(MusicBrainzError) -> Reply {
        let path = request.segments
        guard path.count >= 3, path[0] == "ws", path[1] == "2" else { throw .notFound }
        let entity = path[2]
        let reads = MusicBrainzReads(catalogue: store.now, query: request.query)
        if path.count == 4 {
            guard MusicBrainzReads.entities.union(["isrc", "discid"]).contains(entity) else { throw .notFound }
            let found = try reads.lookUp(entity, path[3])
            return isJSON ? .json(found) : Self.xml(Self.document(entity, found))
        }
        guard path.count == 3, MusicBrainzReads.entities.contains(entity) else { throw .notFound }
        if request.query["query"] == nil, let page = try reads.browse(entity) {
            let json: JSON = [
                "\(entity)-count": .int(page.count), "\(entity)-offset": .int(page.offset),
                "\(entity)s": .array(page.items),
            ]
            return isJSON ? .json(json) : Self.xml(Self.document(entity, page))
        }
        let page = try MusicBrainzSearch(catalogue: store.now, query: request.query).page(entity)
        let json: JSON = [
            "created": "2026-01-01T00:00:00.000Z", "count": .int(page.count), "offset": .int(page.offset),
            "\(entity)s": .array(page.items),
        ]
        return isJSON ? .json(json) : Self.xml(Self.document(entity, page))
    }

    private static func document(_ entity: String, _ page: MusicBrainzSearch.Page) -> String {
        MusicBrainzXML.document(list: "\(entity)s", page.items, count: page.count, offset: page.offset)
    }

    private static func document(_ entity: String, _ found: JSON) -> String {
        switch entity {
        case "isrc":
            // The code is an attribute of its element.
            let id = JSON.Member(name: "id", value: found["isrc"] ?? .null)
            let rest = (found.members ?? []).filter { $0.name != "isrc" }
            return MusicBrainzXML.document("isrc", .object([id] + rest))
        case "discid": return MusicBrainzXML.document("disc", found)
        default: return MusicBrainzXML.document(entity, found)
        }
    }

    private static func xml(_ text: String) -> Reply { .text(text, type: "application/xml; charset=utf-8") }
}
