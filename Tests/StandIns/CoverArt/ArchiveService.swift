/// The archive that keeps the pictures: sends to a storage node, and the node sends the file.
package final class ArchiveService: StandInService {
    package static let name = "archive"

    private let store: CatalogueStore
    private let hosts: CoverArtHosts
    private let painter: CoverPainter

    package init(store: CatalogueStore, hosts: CoverArtHosts, painter: CoverPainter) {
        self.store = store
        self.hosts = hosts
        self.painter = painter
    }

    /// `/download/mbid-…/name`, then `/0/items/mbid-…/name`.
    package func reply(to request: Request) async -> Reply {
        let path = request.segments
        if path.count == 3, path[0] == "download" {
            return .redirect(to: "\(hosts.archive)/0/items/\(path[1])/\(path[2])")
        }
        guard path.count == 4, path[0] == "0", path[1] == "items", path[2].hasPrefix("mbid-"),
            let release = store.now.release(String(path[2].dropFirst(5))), release.coverSeed != nil
        else { return .html("Item not available", status: 404) }
        if path[3] == "index.json" {
            let index = CoverArtPictures.index(of: release, front: hosts.front)
            return Reply(type: "application/octet-stream", body: index.bytes)
        }
        return await picture(path[3], of: release)
    }

    /// `mbid-{release}-{id}.png`, `mbid-{release}-{id}_thumb500.jpg`.
    private func picture(_ file: String, of release: Catalogue.Release) async -> Reply {
        let name = file.dropFirst("mbid-\(release.id)-".count)
        let parts = (name.split(separator: ".").first ?? "").split(separator: "_")
        guard let id = parts.first.flatMap({ Int($0) }), let seed = CoverArtPictures.seed(of: release, id: id) else {
            return .html("File not available", status: 404)
        }
        let thumb = parts.count > 1 ? Int(parts[1].dropFirst("thumb".count)) : nil
        let format = thumb == nil ? CoverArtPictures.format(of: release, id: id) : .jpg
        do {
            let side = thumb ?? CoverArtPictures.originalSide
            let bytes = try await painter.cover(seed: seed, side: side, format: format)
            return Reply(type: format.mediaType, body: bytes)
        } catch {
            return .text("\(error)", status: 500)
        }
    }
}
