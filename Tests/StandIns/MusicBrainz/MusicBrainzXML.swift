/// The same as XML (mmd-2.0), made of the JSON by a few rules: ids are attributes, lists say what they hold.
enum MusicBrainzXML {
    private static let head =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><metadata xmlns=\"http://musicbrainz.org/ns/mmd-2.0#\" "
        + "xmlns:ext=\"http://musicbrainz.org/ns/ext#-2.0\">"

    static func document(_ name: String, _ entity: JSON) -> String { head + element(name, entity) + "</metadata>" }

    /// A page of a browse or a search.
    static func document(list: String, _ items: [JSON], count: Int, offset: Int) -> String {
        let attributes = " count=\"\(count)\" offset=\"\(offset)\""
        return head + listElement(list, items, attributes) + "</metadata>"
    }

    /// Names of lists in JSON, and of what stands in each.
    private static let items = [
        "releases": "release", "recordings": "recording", "artists": "artist", "release-groups": "release-group",
        "media": "medium", "tracks": "track", "track": "track", "tags": "tag", "genres": "genre", "isrcs": "isrc",
        "label-info": "label-info", "secondary-types": "secondary-type", "release-events": "release-event",
        "aliases": "alias", "offsets": "offset", "iso-3166-1-codes": "iso-3166-1-code", "ipis": "ipi", "isnis": "isni",
        "discs": "disc",
    ]
    private static let attributes: Set = ["id", "type", "type-id", "score", "joinphrase"]
    /// What stands elsewhere in XML, or nowhere.
    private static let left: Set = [
        "status-id", "packaging-id", "primary-type-id", "secondary-type-ids", "track-offset", "offset-count",
    ]

    private static func element(_ name: String, _ value: JSON) -> String {
        guard let members = value.members else { return "<\(name)>\(text(value))</\(name)>" }
        let counted = ["tag", "genre"].contains(name) ? ["count"] : []
        let own = members.filter { attributes.contains($0.name) || counted.contains($0.name) }
        let shown = own.filter { $0.value != .null }.map { member in
            " \(member.name == "score" ? "ext:score" : member.name)=\"\(text(member.value))\""
        }.joined()
        let inner = members.filter { !attributes.contains($0.name) && !counted.contains($0.name) }
            .map { child($0.name, $0.value, in: name) }.joined()
        return "<\(name)\(shown)>\(inner)</\(name)>"
    }

    private static func child(_ name: String, _ value: JSON, in parent: String) -> String {
        if left.contains(name) || value == .null || value == "" || (name == "track-count" && parent != "medium-list") {
            return ""
        }
        guard let list = value.array else { return element(name, value) }
        if name == "artist-credit" {
            return "<artist-credit>\(list.map { element("name-credit", $0) }.joined())</artist-credit>"
        }
        return listElement(name, list, " count=\"\(list.count)\"")
    }

    private static func listElement(_ name: String, _ list: [JSON], _ attributes: String) -> String {
        let item = items[name] ?? name
        let inner = list.map { value in
            item == "isrc" && value.string != nil ? "<isrc id=\"\(text(value))\"/>" : element(item, value)
        }.joined()
        return "<\(item)-list\(attributes)>\(inner)</\(item)-list>"
    }

    private static func text(_ value: JSON) -> String { Node.escaped(value.string ?? value.text) }
}
