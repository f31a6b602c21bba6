import Demo

/// What is told of a record to put it into the catalogue; ids that are not given follow from the names.
package struct RecordSketch: Hashable, Sendable {
    package struct Artist: Hashable, Sendable {
        package let name: String
        package var id: String?

        package init(_ name: String, id: String? = nil) {
            self.name = name
            self.id = id
        }
    }

    package struct Song: Hashable, Sendable {
        package let title: String
        package let seconds: Double
        package var artists: [Artist] = []
        package var id: String?
        package var trackID: String?

        package init(_ title: String, seconds: Double) {
            self.title = title
            self.seconds = seconds
        }
    }

    package let title: String
    package let artist: Artist
    package var id: String?
    package var date = "2020"
    package var genres: [String] = []
    package var country = "XW"
    package var label = "Stubble Records"
    package var barcode = "5060000000017"
    package var isCompilation = false
    package var coverSeed: UInt64?
    package var songs: [Song]

    package init(_ title: String, by artist: Artist, songs: [Song]) {
        self.title = title
        self.artist = artist
        self.songs = songs
    }

    /// A record of the demo library, under the ids of its tags.
    package init(_ record: DemoRecord) {
        self.init(
            record.title, by: Artist(record.artist.name, id: record.artist.id),
            songs: record.songs.map { song in
                var sketch = Song(song.title, seconds: song.spec.seconds)
                sketch.artists = song.artists.map { Artist($0.name, id: $0.id) }
                sketch.id = song.recordingID
                sketch.trackID = song.releaseTrackID
                return sketch
            })
        id = record.id
        date = record.date
        genres = record.genres
        isCompilation = record.isCompilation
        coverSeed = record.coverSeed
    }

    /// As the control path takes it: `{"title", "artist", "date"?, "genres"?, "cover"?: true, "songs": [{"title",
    /// "seconds"?}]}`; nil when something needed is missing.
    package init?(_ json: JSON) {
        guard let title = json["title"]?.string, let artist = json["artist"]?.string else { return nil }
        let songs = (json["songs"]?.array ?? []).compactMap { song -> Song? in
            guard let title = song["title"]?.string else { return nil }
            return Song(title, seconds: song["seconds"]?.double ?? 180)
        }
        self.init(title, by: Artist(artist), songs: songs)
        id = json["id"]?.string
        date = json["date"]?.string ?? date
        genres = (json["genres"]?.array ?? []).compactMap(\.string)
        if json["cover"]?.bool == true { coverSeed = UInt64(title.utf8.reduce(7) { ($0 &* 31) &+ UInt64($1) }) }
    }
}
