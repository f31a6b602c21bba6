/// An id of MusicBrainz: a UUID in lower case, as its services take it.
package struct MusicBrainzID: Hashable, Sendable {
    package let text: String

    private static let dashes: Set = [8, 13, 18, 23]

    /// Nil for what is no UUID.
    package init?(_ text: String) {
        let lower = text.lowercased()
        guard lower.utf8.count == 36 else { return nil }
        let isID = lower.utf8.enumerated().allSatisfy { place, byte in
            Self.dashes.contains(place)
                ? byte == UInt8(ascii: "-")
                : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        guard isID else { return nil }
        self.text = lower
    }
}
