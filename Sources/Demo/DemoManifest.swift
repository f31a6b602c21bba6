/// What was written, and what each piece really is. It is written last, so a folder that has it is complete.
package struct DemoManifest: Codable, Hashable, Sendable {
    package struct Entry: Codable, Hashable, Sendable {
        /// Relative to the library's folder.
        package let path: String
        package let title: String
        package let artists: [String]
        package let album: String
        package let bpm: Double
        /// `F# minor`.
        package let key: String
        package let timbre: String
        package let seconds: Double
    }

    package let version: Int
    package let seed: UInt64
    package let entries: [Entry]

    /// Changes when the music or the tags of the demo library change.
    package static let currentVersion = 2
    package static let fileName = "demo-library.json"
}
