import Foundation

/// The world's music, as far as the stand-ins know it: all services tell of the same artists, records and songs.
package struct Catalogue: Sendable {
    package struct Tag: Hashable, Sendable {
        package let name: String
        /// 1 to 100, relative to the commonest.
        package let count: Int
    }

    package struct Artist: Hashable, Sendable {
        package let id: String
        package let name: String
        package var tags: [Tag]

        /// `Field, Marled` is for people; a group keeps its order.
        package var sortName: String { name.hasPrefix("The ") ? name.dropFirst(4) + ", The" : name }
        package var about: String { "\(name) are known to nobody but these servers." }
    }

    package struct Credit: Hashable, Sendable {
        package let artistID: String
        package let name: String
        /// What stands between this name and the next.
        package let join: String
    }

    package struct Recording: Hashable, Sendable {
        package let id: String
        package let title: String
        package let credits: [Credit]
        package let lengthMs: Int
        package let isrc: String
        package let tags: [Tag]
        package var releaseIDs: [String]

        package var artistText: String { credits.map { $0.name + $0.join }.joined() }
        /// Under which it is looked for: the whole credit, and each artist.
        var names: [String] { [artistText] + credits.map(\.name) }
    }

    package struct Track: Hashable, Sendable {
        package let id: String
        package let number: Int
        package let recordingID: String
    }

    package struct Release: Hashable, Sendable {
        package let id: String
        package let groupID: String
        package let title: String
        package let credits: [Credit]
        /// `2019`, `2019-11` or `2019-11-03`.
        package let date: String
        package let country: String
        package let barcode: String
        package let label: String
        package let isCompilation: Bool
        package let tags: [Tag]
        package let tracks: [Track]
        /// Draws its cover; nil when there is none.
        package let coverSeed: UInt64?

        package var artistText: String { credits.map { $0.name + $0.join }.joined() }
        /// Under which it is looked for: the whole credit, and each artist.
        var names: [String] { [artistText] + credits.map(\.name) }
    }

    package private(set) var artists: [Artist] = []
    package private(set) var recordings: [Recording] = []
    package private(set) var releases: [Release] = []
    private var artistIndex: [String: Int] = [:]
    private var recordingIndex: [String: Int] = [:]
    private var releaseIndex: [String: Int] = [:]

    package init(_ sketches: [RecordSketch] = []) {
        for sketch in sketches { add(sketch) }
    }

    package func artist(_ id: String) -> Artist? { artistIndex[id].map { artists[$0] } }
    package func recording(_ id: String) -> Recording? { recordingIndex[id].map { recordings[$0] } }
    package func release(_ id: String) -> Release? { releaseIndex[id].map { releases[$0] } }
    package func releases(inGroup id: String) -> [Release] { releases.filter { $0.groupID == id } }
    package func recordings(of release: Release) -> [Recording] {
        release.tracks.compactMap { recording($0.recordingID) }
    }
    package func recordings(by artistID: String) -> [Recording] {
        recordings.filter { $0.credits.contains { $0.artistID == artistID } }
    }

    /// Adds a record; one that is known already stays as it is.
    package mutating func add(_ sketch: RecordSketch) {
        let releaseID = sketch.id ?? Digest.uuid(of: "release", sketch.artist.name, sketch.title)
        guard releaseIndex[releaseID] == nil else { return }
        let tags = sketch.genres.enumerated().map { Tag(name: $1.lowercased(), count: max(20, 100 - 25 * $0)) }
        let albumCredits = credits([sketch.artist], tags: sketch.isCompilation ? [] : tags)
        var tracks: [Track] = []
        for (index, song) in sketch.songs.enumerated() {
            let id = song.id ?? Digest.uuid(of: "recording", sketch.artist.name, sketch.title, song.title)
            let names = song.artists.isEmpty ? [sketch.artist] : song.artists
            add(song, id: id, credits: credits(names, tags: tags), tags: tags, on: releaseID)
            let trackID = song.trackID ?? Digest.uuid(of: "track", releaseID, "\(index)")
            tracks.append(Track(id: trackID, number: index + 1, recordingID: id))
        }
        releaseIndex[releaseID] = releases.count
        releases.append(
            Release(
                id: releaseID, groupID: Digest.uuid(of: "release-group", sketch.artist.name, sketch.title),
                title: sketch.title, credits: albumCredits, date: sketch.date, country: sketch.country,
                barcode: sketch.barcode, label: sketch.label, isCompilation: sketch.isCompilation, tags: tags,
                tracks: tracks, coverSeed: sketch.coverSeed))
    }

    private mutating func add(
        _ song: RecordSketch.Song, id: String, credits: [Credit], tags: [Tag], on releaseID: String
    ) {
        if let known = recordingIndex[id] {
            recordings[known].releaseIDs.append(releaseID)
            return
        }
        recordingIndex[id] = recordings.count
        let number = recordings.count + 1
        let digits = String(repeating: "0", count: max(0, 5 - "\(number)".count)) + "\(number)"
        recordings.append(
            Recording(
                id: id, title: song.title, credits: credits, lengthMs: Int(song.seconds * 1000),
                isrc: "QZSIL26\(digits)", tags: tags, releaseIDs: [releaseID]))
    }

    private mutating func credits(_ names: [RecordSketch.Artist], tags: [Tag]) -> [Credit] {
        names.enumerated().map { index, artist in
            let id = artist.id ?? artists.first { $0.name == artist.name }?.id ?? Digest.uuid(of: "artist", artist.name)
            if let known = artistIndex[id] {
                let own = Set(artists[known].tags.map(\.name))
                artists[known].tags += tags.filter { !own.contains($0.name) }
                artists[known].tags.sort { $0.count > $1.count }
            } else {
                artistIndex[id] = artists.count
                artists.append(Artist(id: id, name: artist.name, tags: tags))
            }
            return Credit(artistID: id, name: artist.name, join: index + 1 < names.count ? " & " : "")
        }
    }
}
