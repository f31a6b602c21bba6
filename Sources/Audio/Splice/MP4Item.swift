import Domain

/// An entry of `ilst`.
struct MP4Item {
    let box: MP4Box
    /// Of an entry `----` of iTunes: what the program that wrote it calls it.
    let name: String?

    private static let mean = "com.apple.iTunes"

    init(_ bytes: [UInt8], _ box: MP4Box) throws(Failure) {
        self.box = box
        guard box.type == "----" else {
            name = nil
            return
        }
        let boxes = try MP4Box.list(in: bytes, box.payload)
        guard let mean = try boxes.only("mean"), let name = try boxes.only("name"),
            Self.text(bytes, mean) == Self.mean
        else {
            name = nil
            return
        }
        self.name = Self.text(bytes, name)
    }

    /// Behind version and flags.
    private static func text(_ bytes: [UInt8], _ box: MP4Box) -> String {
        String(decoding: bytes[box.payload].dropFirst(4), as: UTF8.self)
    }

    static func bytes(_ field: GainField) -> [UInt8] {
        // 1: UTF-8.
        MP4Box.bytes(
            "----",
            MP4Box.bytes("mean", [0, 0, 0, 0] + Array(mean.utf8))
                + MP4Box.bytes("name", [0, 0, 0, 0] + Array(field.name.utf8))
                + MP4Box.bytes("data", [0, 0, 0, 1, 0, 0, 0, 0] + Array(field.text.utf8)))
    }
}
