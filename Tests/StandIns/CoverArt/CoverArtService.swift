/// The Cover Art Archive: knows where pictures are, and sends everybody there.
package final class CoverArtService: StandInService {
    package static let name = "coverart"

    private let store: CatalogueStore
    private let hosts: CoverArtHosts

    package init(store: CatalogueStore, hosts: CoverArtHosts) {
        self.store = store
        self.hosts = hosts
    }

    private static let sizes: Set = ["250", "500", "1200"]

    package func control(_ command: String, _ request: Request) async -> Reply? {
        command == "catalogue" ? store.control(request) : nil
    }

    package func reply(to request: Request) async -> Reply {
        guard request.method == "GET" || request.method == "HEAD" else {
            return .html("405 Method Not Allowed", status: 405)
        }
        let path = request.segments
        guard (2...3).contains(path.count), ["release", "release-group"].contains(path[0]) else {
            return .html("404 Not Found", status: 404)
        }
        guard ListenSubmission.isUUID(path[1]), path[1] == path[1].lowercased() else {
            return .html("400 Bad Request: invalid MBID specified", status: 400)
        }
        let file = path.count == 3 ? path[2] : nil
        guard path[0] == "release" else { return group(path[1], file) }
        guard let release = store.now.release(path[1]) else { return .html("404 Not Found", status: 404) }
        return send(release, file)
    }

    /// A group has the pictures of one of its releases, and only its front by name.
    private func group(_ id: String, _ file: String?) -> Reply {
        let releases = store.now.releases(inGroup: id)
        if let file, Self.parts(of: file)?.name != "front" { return .html("400 Bad Request", status: 400) }
        guard let release = releases.first(where: { $0.coverSeed != nil }) else {
            return .html("404 Not Found", status: 404)
        }
        return send(release, file)
    }

    private func send(_ release: Catalogue.Release, _ file: String?) -> Reply {
        guard release.coverSeed != nil else { return .html("404 Not Found", status: 404) }
        let folder = "/download/mbid-\(release.id)"
        guard let file else {
            // Without a scheme: the one of the request goes on.
            let archive = hosts.archive.drop { $0 != "/" }
            return .redirect(to: "\(archive)\(folder)/index.json", status: 307)
        }
        guard let parts = Self.parts(of: file), let id = Self.picture(parts.name, of: release) else {
            return .html("404 Not Found", status: 404)
        }
        let name = "mbid-\(release.id)-\(id)" + (parts.size.map { "_thumb\($0)" } ?? "")
        let format = parts.size == nil ? CoverArtPictures.format(of: release, id: id) : .jpg
        return .redirect(to: "\(hosts.archive)\(folder)/\(name).\(format.rawValue)", status: 307)
    }

    /// `front-250`, `123.jpg`, `back`: what is wanted, and how large; nil for a size that there is not.
    private static func parts(of file: String) -> (name: String, size: String?)? {
        let bare = file.split(separator: ".").first.map(String.init) ?? file
        let parts = bare.split(separator: "-").map(String.init)
        switch parts.count {
        case 1: return (parts[0], nil)
        case 2 where sizes.contains(parts[1]): return (parts[0], parts[1])
        default: return nil
        }
    }

    private static func picture(_ name: String, of release: Catalogue.Release) -> Int? {
        switch name {
        case "front": CoverIDs.front(of: release)
        case "back": CoverIDs.back(of: release)
        default: [CoverIDs.front(of: release), CoverIDs.back(of: release)].first { "\($0)" == name }
        }
    }
}
