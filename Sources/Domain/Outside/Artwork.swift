/// Where a service has a picture of an album's front.
package struct ArtworkCandidate: Codable, Hashable, Sendable {
    package var source: ServiceID
    package var address: String
    /// Pixels of the longer side at most; nil for the picture as it was given.
    package var size: Int?

    package init(source: ServiceID, address: String, size: Int?) {
        self.source = source
        self.address = address
        self.size = size
    }
}

/// A picture as it came: nobody has looked into it.
package struct Artwork: Hashable, Sendable {
    package var bytes: [UInt8]
    /// What the service said it is; nil when it said nothing.
    package var mediaType: String?

    package init(bytes: [UInt8], mediaType: String?) {
        self.bytes = bytes
        self.mediaType = mediaType
    }
}
