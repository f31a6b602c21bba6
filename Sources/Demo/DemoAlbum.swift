/// An invented record: what its tags say, and how each piece sounds.
struct DemoAlbum: Sendable {
    enum CoverPlace: Sendable, Hashable {
        case embedded(mediaType: String)
        /// `cover.jpg` beside the files.
        case sidecar
        case none
    }

    struct Piece: Sendable {
        let title: String
        let artists: [String]
        let bpm: Double
        let key: MusicalKey
        let timbre: Timbre
        let drums: DrumStyle
        let seconds: Double
        let format: AudioFormat
    }

    let title: String
    let artist: String
    let date: String
    let genres: [String]
    let composer: String?
    let isCompilation: Bool
    let cover: CoverPlace
    /// Peak in dBFS: some records are louder than others.
    let peakDb: Double
    let pieces: [Piece]

    /// `Artist/Album (Year)`.
    var folder: String { "\(artist)/\(title) (\(date.prefix(4)))" }
}
