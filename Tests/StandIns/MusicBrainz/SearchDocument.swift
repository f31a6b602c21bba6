/// A thing as the search index has it: values by field.
struct SearchDocument: Sendable {
    let texts: [String: [String]]
    /// The field that is meant when none is named.
    let standard: String

    /// 0 when it does not match, else up to 1.
    func score(_ query: LuceneQuery) -> Double {
        switch query {
        case .words(let words, let field, let isPhrase, let isPrefix):
            return (texts[field ?? standard] ?? []).map {
                Self.score(words, LuceneParser.split($0), isPhrase: isPhrase, isPrefix: isPrefix)
            }.max() ?? 0
        case .range(let from, let to, let field):
            let isInside = (texts[field ?? standard] ?? []).contains { Self.isInside($0, from, to) }
            return isInside ? 1 : 0
        case .all(let queries):
            // What must not be there has no weight of its own.
            let scores = queries.map(score)
            guard scores.allSatisfy({ $0 > 0 }) else { return 0 }
            return scores.reduce(0, +) / Double(scores.count)
        case .any(let queries):
            return queries.map(score).reduce(0, +) / Double(queries.count)
        case .not(let query): return score(query) > 0 ? 0 : 1
        }
    }

    /// Words in common, twice, as a share of the words on both sides (Dice): the text itself scores 1.
    private static func score(_ words: [String], _ text: [String], isPhrase: Bool, isPrefix: Bool) -> Double {
        guard !words.isEmpty, !text.isEmpty else { return 0 }
        if isPhrase {
            let isThere = text.indices.contains { text[$0...].starts(with: words) }
            return isThere ? 2 * Double(words.count) / Double(words.count + text.count) : 0
        }
        if isPrefix, let last = words.last {
            return text.contains { $0.hasPrefix(last) } ? 0.5 : 0
        }
        let common = Set(words).intersection(text).count
        return 2 * Double(common) / Double(Set(words).count + Set(text).count)
    }

    private static func isInside(_ value: String, _ from: String?, _ to: String?) -> Bool {
        let bounds = [from, to].compactMap { $0 }
        // Lengths and numbers of tracks; dates are compared as text, also those that are a year alone.
        if let number = Int(value), bounds.allSatisfy({ Int($0) != nil }) {
            return (from.flatMap { Int($0) }.map { number >= $0 } ?? true)
                && (to.flatMap { Int($0) }.map { number <= $0 } ?? true)
        }
        return (from.map { value >= $0 } ?? true) && (to.map { value <= $0 || value.hasPrefix($0) } ?? true)
    }
}

extension SearchDocument {
    init(_ recording: Catalogue.Recording, in catalogue: Catalogue) {
        let releases = recording.releaseIDs.compactMap(catalogue.release)
        let numbers = releases.flatMap { release in
            release.tracks.filter { $0.recordingID == recording.id }.map { "\($0.number)" }
        }
        standard = "recording"
        var texts = Self.common(releases, recording.credits)
        texts["recording"] = [recording.title]
        texts["rid"] = [recording.id]
        texts["isrc"] = [recording.isrc]
        texts["tnum"] = numbers
        texts["dur"] = ["\(recording.lengthMs)"]
        texts["qdur"] = ["\(recording.lengthMs / 2000)"]
        texts["tag"] = recording.tags.map(\.name)
        texts["video"] = ["false"]
        self.texts = texts
    }

    init(_ release: Catalogue.Release) {
        standard = "release"
        var texts = Self.common([release], release.credits)
        texts["barcode"] = [release.barcode]
        texts["label"] = [release.label]
        texts["format"] = ["Digital Media"]
        texts["tag"] = release.tags.map(\.name)
        texts["releasegroup"] = [release.title]
        self.texts = texts
    }

    init(_ artist: Catalogue.Artist) {
        standard = "artist"
        texts = [
            "artist": [artist.name], "sortname": [artist.sortName], "arid": [artist.id], "type": ["group"],
            "tag": artist.tags.map(\.name), "alias": [],
        ]
    }

    private static func common(_ releases: [Catalogue.Release], _ credits: [Catalogue.Credit]) -> [String: [String]] {
        let names = [credits.map { $0.name + $0.join }.joined()] + credits.map(\.name)
        return [
            "artist": names, "artistname": names, "creditname": names, "arid": credits.map(\.artistID),
            "release": releases.map(\.title), "reid": releases.map(\.id), "rgid": releases.map(\.groupID),
            "tracks": releases.map { "\($0.tracks.count)" }, "date": releases.map(\.date),
            "country": releases.map(\.country), "status": ["official"],
            "type": releases.contains { $0.isCompilation } ? ["album", "compilation"] : ["album"],
            "primarytype": ["album"],
        ]
    }
}
