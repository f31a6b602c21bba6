import Domain
import Foundation

/// How good an offered file is for what was asked: by its name, format, playing time, and how soon its peer would send it.
enum OfferRanking {
    static let offersMax = 100
    /// What matches less is something else.
    private static let leastName = 0.6
    private static let weights = (name: 0.4, quality: 0.25, duration: 0.15, peer: 0.2)
    /// A difference of playing time that says nothing, and one that says everything.
    private static let (sameMs, otherMs) = (3000.0, 15_000.0)
    private static let fastBytesPerSecond = 2_000_000.0
    private static let longQueue = 50.0
    /// A file of another size is no piece of music, or not one of which a copy is wanted.
    private static let sizes: ClosedRange<Int64> = 50_000...2_000_000_000
    /// Kinds of another recording, unless they were asked for.
    private static let versions: Set = [
        "live", "remix", "karaoke", "instrumental", "cover", "acoustic", "demo", "edit", "remaster", "sped", "slowed",
    ]
    /// Of 1; a lossy one is rated by its bit rate.
    private static let lossless: Set = ["flac", "wav", "aiff", "aif", "ape", "wv"]
    /// How much of 320 kbit/s of MP3 a kilobit is worth.
    private static let lossy = ["mp3": 1.0, "m4a": 1.3, "aac": 1.2, "ogg": 1.4, "opus": 2.0]

    /// The best first; of equals the one that came first.
    static func ranked(_ offers: [DownloadOffer], for question: DownloadQuestion) -> [DownloadOffer] {
        let scored = offers.compactMap { offer -> DownloadOffer? in
            guard let score = score(offer, for: question) else { return nil }
            var offer = offer
            offer.score = score
            return offer
        }
        let ordered = scored.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
        return ordered.prefix(offersMax).map(\.element)
    }

    /// 0...1; nil for what is surely something else.
    static func score(_ offer: DownloadOffer, for question: DownloadQuestion) -> Double? {
        guard sizes.contains(offer.sizeBytes), let quality = quality(offer) else { return nil }
        let name = nameMatch(offer.fileName, question)
        guard name >= leastName, let duration = durationMatch(offer, question) else { return nil }
        return weights.name * name + weights.quality * quality + weights.duration * duration
            + weights.peer * availability(offer)
    }

    /// Nil for what is no audio.
    private static func quality(_ offer: DownloadOffer) -> Double? {
        let ending = fileExtension(offer.fileName)
        if lossless.contains(ending) { return 1 }
        guard let worth = lossy[ending] else { return nil }
        guard let rate = offer.bitrateKbps ?? estimatedBitrate(offer) else { return 0.4 }
        // A lossy file is never as good as one without loss.
        return min(0.85, 0.85 * Double(rate) * worth / 320)
    }

    private static func estimatedBitrate(_ offer: DownloadOffer) -> Int? {
        guard let duration = offer.durationMs, duration > 1000 else { return nil }
        return Int(exactly: (Double(offer.sizeBytes) * 8 / Double(duration)).rounded())
    }

    /// 0.7 where nobody knows; nil for a playing time of something else.
    private static func durationMatch(_ offer: DownloadOffer, _ question: DownloadQuestion) -> Double? {
        guard let asked = question.durationMs, let offered = offer.durationMs else { return 0.7 }
        let difference = abs(Double(asked) - Double(offered))
        guard difference <= otherMs else { return nil }
        return max(0, min(1, 1 - (difference - sameMs) / (otherMs - sameMs)))
    }

    private static func availability(_ offer: DownloadOffer) -> Double {
        let slot = offer.hasFreeSlot ? 1.0 : 0
        let queue = 1 - min(1, Double(max(0, offer.queueLength)) / longQueue)
        let speed = min(1, Double(max(0, offer.uploadSpeed)) / fastBytesPerSecond)
        return 0.5 * slot + 0.25 * queue + 0.25 * speed
    }

    /// The title in the file's name, the artist and the album anywhere in its path.
    private static func nameMatch(_ path: String, _ question: DownloadQuestion) -> Double {
        let parts = path.split(whereSeparator: { $0 == "\\" || $0 == "/" }).map(String.init)
        guard let last = parts.last else { return 0 }
        let file = NameLikeness.words(String(last.dropLast(fileExtension(last).count)))
        let whole = NameLikeness.words(parts.joined(separator: " "))
        let title = share(of: NameLikeness.words(question.title), in: file)
        let artist = share(of: NameLikeness.words(question.artist), in: whole)
        var match = 0.6 * title + 0.4 * artist
        if let album = question.album {
            match = 0.85 * match + 0.15 * share(of: NameLikeness.words(album), in: whole)
        }
        let asked = Set(NameLikeness.words("\(question.title) \(question.album ?? "")"))
        let others = versions.subtracting(asked).intersection(file)
        return others.isEmpty ? match : match * 0.7
    }

    private static func share(of words: [String], in other: [String]) -> Double {
        let words = Set(words).subtracting(["(", ")"])
        guard !words.isEmpty else { return 1 }
        return Double(words.intersection(other).count) / Double(words.count)
    }

    private static func fileExtension(_ name: String) -> String {
        guard let dot = name.lastIndex(of: "."), name.distance(from: dot, to: name.endIndex) <= 6 else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }
}
