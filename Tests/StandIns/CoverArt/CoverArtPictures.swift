/// The pictures of a release: a front and a back, as they were uploaded and in three sizes.
enum CoverArtPictures {
    /// Pixels on each side of what was uploaded.
    static let originalSide = 640

    /// Fronts are PNG and JPEG in turn, as uploads are; backs and small ones are JPEG.
    static func format(of release: Catalogue.Release, id: Int) -> CoverPainter.Format {
        id == CoverIDs.front(of: release) && (release.coverSeed ?? 0) % 2 == 1 ? .png : .jpg
    }

    static func seed(of release: Catalogue.Release, id: Int) -> UInt64? {
        release.coverSeed.map { id == CoverIDs.front(of: release) ? $0 : $0 &+ 1 }
    }

    /// - Parameter front: the address of the Cover Art Archive; pictures are named by it, not by the archive.
    static func index(of release: Catalogue.Release, front: String) -> JSON {
        let images = [CoverIDs.front(of: release), CoverIDs.back(of: release)].enumerated().map { index, id -> JSON in
            let base = "\(front)/release/\(release.id)/\(id)"
            return [
                "id": .int(id), "image": .string("\(base).\(format(of: release, id: id).rawValue)"),
                "thumbnails": [
                    "250": .string("\(base)-250.jpg"), "500": .string("\(base)-500.jpg"),
                    "1200": .string("\(base)-1200.jpg"), "small": .string("\(base)-250.jpg"),
                    "large": .string("\(base)-500.jpg"),
                ],
                "types": [index == 0 ? "Front" : "Back"], "front": .bool(index == 0), "back": .bool(index == 1),
                "approved": true, "edit": .int(id % 1_000_000), "comment": "",
            ]
        }
        return [
            "images": .array(images), "release": .string("https://musicbrainz.org/release/\(release.id)"),
        ]
    }
}
