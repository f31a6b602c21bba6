import Demo

extension Catalogue {
    /// The records of the demo library, and others that it does not have: by its artists, and by strangers like them.
    package static let demo = Catalogue(DemoRecord.all().map(RecordSketch.init) + outside)

    /// Not in the demo library; the downloader can find them.
    package static let outside: [RecordSketch] = [
        record(
            "Winter Wheat", "Marled Field", "2001-02-12", ["Folk"], ["Frost Heave", "Seed Drill", "The Long Headland"]),
        record("Terminus", "Kestrel Vane", "2014", ["Electronic"], ["Turning Circle", "Empty Upper Deck", "Garage"]),
        record("Pendules", "Éloïse Morand", "2022-03", ["Jazz"], ["Balancier", "Ancre", "Minuit moins cinq"]),
        record("Snow on Bronze", "Ōtari Ensemble", "2008-12-01", ["Ambient"], ["First Toll", "雪 (Snow)"]),
        record("Stone Rows", "Hollin Dale", "1999", ["Folk", "Acoustic"], ["Gritstone", "Dry Valley", "Sheepwash"]),
        record("Interchange", "Mara Volt", "2012-06", ["Electronic", "House"], ["Concourse", "Platform Zero"]),
        record("Quatre heures vingt", "Trio Vauclair", "2018", ["Jazz"], ["Le quart", "Contre-temps"]),
        record("Fathom Lines", "Undertow Choir", "2006", ["Ambient"], ["Sounding", "Slack Water"]),
        record("Allotment", "Gravel Choir", "2021-09-10", ["Rock", "Pop"], ["Shed", "Bindweed", "Water Butt"]),
    ]

    private static func record(
        _ title: String, _ artist: String, _ date: String, _ genres: [String], _ songs: [String]
    ) -> RecordSketch {
        let known = DemoRecord.all().flatMap { [$0.artist] + $0.songs.flatMap(\.artists) }
        let id = known.first { $0.name == artist }?.id
        var sketch = RecordSketch(
            title, by: RecordSketch.Artist(artist, id: id),
            songs: songs.enumerated().map { RecordSketch.Song($1, seconds: Double(12 + 3 * $0)) })
        sketch.date = date
        sketch.genres = genres
        // One record of them has no picture anywhere.
        sketch.coverSeed = title == "Allotment" ? nil : UInt64(title.unicodeScalars.count) &* 77
        return sketch
    }
}
