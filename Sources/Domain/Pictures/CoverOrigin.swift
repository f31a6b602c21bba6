/// Where the front of an album came from.
package struct CoverOrigin: Hashable, Sendable {
    /// `files`, `sidecar`, or the service that was asked.
    package var source: String
    /// Of the picture: an `http` address, or `file:` and a path. Nil for one that the files hold.
    package var address: String?

    package init(source: String, address: String?) {
        self.source = source
        self.address = address
    }

    /// The album's own files hold it.
    package static let files = CoverOrigin(source: "files", address: nil)
}
