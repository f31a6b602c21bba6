import Domain

/// What the tags of a file say.
struct TagFacts {
    let track: Track

    /// Of a value that is shown, in characters; lyrics are longer.
    private static let maxShown = 2000

    var html: HTML {
        main.html
            + (more.isEmpty ? HTML() : HTML(.details) { HTML(.summary) { "All other tags" } + more.html })
    }

    private var main: Facts {
        let tags = track.metadata
        var facts = Facts()
        facts.add("Title", tags.title, or: "the file's name is shown instead")
        facts.add("Artist", tags.artistCredit)
        facts.add("Artists", tags.artists.joined(separator: ", "))
        facts.add("Album", tags.album)
        facts.add("Album artists", tags.albumArtists.joined(separator: ", "))
        facts.add("Genres", genres)
        facts.add("Date", tags.date)
        facts.add("First released", tags.originalDate)
        facts.add("Track", place(tags.trackNumber, of: tags.trackTotal))
        facts.add("Disc", place(tags.discNumber, of: tags.discTotal))
        facts.add("Compilation", tags.isCompilation ? "yes" : nil)
        facts.add("Tempo", tags.bpm.map { "\(Amount.tenths($0)) BPM" })
        facts.add("Key", tags.key)
        facts.add("Gain", tags.replayGain.trackGainDb.map { "\(Amount.tenths($0)) dB" })
        return facts
    }

    private var genres: HTML? {
        guard !track.metadata.genres.isEmpty else { return nil }
        return track.metadata.genres.enumerated().reduce(HTML()) { html, item in
            html + HTML(text: item.offset == 0 ? "" : ", ") + HTML.link(item.element, .search(item.element))
        }
    }

    private func place(_ number: Int?, of total: Int?) -> String? {
        number.map { number in total.map { "\(number) of \($0)" } ?? "\(number)" }
    }

    private var more: Facts {
        let ids = track.metadata.musicBrainz
        var facts = Facts()
        facts.add("MusicBrainz recording", ids.recording)
        facts.add("MusicBrainz release", ids.release)
        facts.add("MusicBrainz artists", ids.artists.joined(separator: ", "))
        for (name, values) in track.metadata.extra.sorted(by: { $0.key < $1.key }) {
            facts.add(name, String(values.joined(separator: "; ").prefix(Self.maxShown)))
        }
        return facts
    }
}
