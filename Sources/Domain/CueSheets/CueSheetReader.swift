/// Reads a sheet line by line. Commands that it does not know say nothing that is asked for.
struct CueSheetReader {
    private(set) var album = SheetAlbum()
    private(set) var files: [CueSheet.File] = []
    private var fileName: String?
    private var tracks: [Track] = []
    private var track: Track?
    private var numbers: Set<Int> = []

    private struct Track {
        var part: SheetPart
        let isAudio: Bool
        /// In CD frames; nil until `INDEX 01` was read.
        var start: Int64?
    }

    private static let framesPerSecond: Int64 = 75
    private static let maxMinutes = SheetCut.maxUs / 60_000_000

    mutating func read(_ line: Substring) throws(CueSheet.Problem) {
        let line = line.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        let command = line.prefix { !$0.isWhitespace }
        let rest = line.dropFirst(command.count)
        switch command.uppercased() {
        case "FILE": try beginFile(Self.fileName(rest))
        case "TRACK": try beginTrack(rest)
        case "INDEX": try index(rest)
        case "TITLE": set(\.title, \.title, Self.value(rest))
        case "PERFORMER": set(\.artist, \.artist, Self.value(rest))
        case "SONGWRITER": set(\.songwriter, \.songwriter, Self.value(rest))
        case "ISRC": track?.part.isrc = Self.value(rest)
        case "CATALOG": album.catalog = Self.value(rest)
        case "REM": remark(rest)
        default: break
        }
    }

    mutating func end() throws(CueSheet.Problem) {
        try closeTrack()
        closeFile()
        guard !files.isEmpty else { throw CueSheet.Problem("it names no file with a track") }
        album.trackTotal = numbers.max()
    }

    // MARK: Files and tracks

    private mutating func beginFile(_ name: String) throws(CueSheet.Problem) {
        guard !name.isEmpty else { throw CueSheet.Problem("a FILE has no name") }
        // A track may begin in the silence at the end of one file and have its music in the next one.
        if track?.start != nil { try closeTrack() }
        closeFile()
        fileName = name
    }

    private mutating func beginTrack(_ rest: Substring) throws(CueSheet.Problem) {
        try closeTrack()
        guard fileName != nil else { throw CueSheet.Problem("a TRACK comes before any FILE") }
        let words = rest.split(whereSeparator: \.isWhitespace)
        guard let number = words.first.flatMap({ Int($0) }), (1...SheetCut.maxParts).contains(number) else {
            throw CueSheet.Problem("a TRACK has no number from 1 to \(SheetCut.maxParts)")
        }
        guard numbers.insert(number).inserted else { throw CueSheet.Problem("there are two tracks \(number)") }
        let isAudio = words.count < 2 || words[1].uppercased() == "AUDIO"
        track = Track(part: SheetPart(number: number, beginUs: 0), isAudio: isAudio)
    }

    private mutating func index(_ rest: Substring) throws(CueSheet.Problem) {
        let words = rest.split(whereSeparator: \.isWhitespace)
        guard words.count >= 2, let number = Int(words[0]) else { throw CueSheet.Problem("an INDEX has no time") }
        guard number == 1 else { return }
        guard let part = track?.part else { throw CueSheet.Problem("an INDEX comes before any TRACK") }
        guard track?.start == nil else { throw CueSheet.Problem("track \(part.number) has two times INDEX 01") }
        guard let frames = Self.frames(words[1]) else {
            throw CueSheet.Problem("\"\(words[1].prefix(20))\" in track \(part.number) is no time like 03:25:74")
        }
        if let before = tracks.last, let start = before.start, start >= frames {
            throw CueSheet.Problem(
                "track \(part.number) begins before track \(before.part.number), or where that one does")
        }
        track?.start = frames
        track?.part.beginUs = frames * 1_000_000 / Self.framesPerSecond
    }

    private mutating func closeTrack() throws(CueSheet.Problem) {
        guard let track else { return }
        guard track.start != nil else { throw CueSheet.Problem("track \(track.part.number) has no INDEX 01") }
        tracks.append(track)
        self.track = nil
    }

    private mutating func closeFile() {
        defer { tracks = [] }
        guard let fileName, !tracks.isEmpty else { return }
        for place in tracks.indices.dropLast() { tracks[place].part.endUs = tracks[place + 1].part.beginUs }
        let parts = tracks.filter(\.isAudio).map(\.part)
        if !parts.isEmpty { files.append(CueSheet.File(name: fileName, parts: parts)) }
    }

    /// `minutes:seconds:frames`, with as many digits of minutes as it takes.
    private static func frames(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in part.allSatisfy(\.isASCII) ? UInt16(part).map(Int64.init) : nil }
        guard parts.count == 3, numbers.count == 3, numbers[0] < maxMinutes, numbers[1] < 60,
            numbers[2] < framesPerSecond
        else { return nil }
        return (numbers[0] * 60 + numbers[1]) * framesPerSecond + numbers[2]
    }

    // MARK: Values

    private mutating func set(
        _ ofAlbum: WritableKeyPath<SheetAlbum, String?>, _ ofPart: WritableKeyPath<SheetPart, String?>, _ value: String?
    ) {
        if track != nil { track?.part[keyPath: ofPart] = value } else { album[keyPath: ofAlbum] = value }
    }

    private mutating func remark(_ rest: Substring) {
        let rest = rest.drop(while: \.isWhitespace)
        let name = rest.prefix { !$0.isWhitespace }
        let value = Self.value(rest.dropFirst(name.count))
        switch name.uppercased() {
        case "GENRE": album.genre = value
        case "DATE": album.date = value
        case "DISCNUMBER": album.discNumber = Self.count(value)
        case "TOTALDISCS": album.discTotal = Self.count(value)
        case "REPLAYGAIN_ALBUM_GAIN": album.gainDb = Self.decibels(value)
        case "REPLAYGAIN_ALBUM_PEAK": album.peak = Self.peak(value)
        case "REPLAYGAIN_TRACK_GAIN": track?.part.gainDb = Self.decibels(value)
        case "REPLAYGAIN_TRACK_PEAK": track?.part.peak = Self.peak(value)
        default: break
        }
    }

    /// Of `"Name.flac" WAVE` or `Name.flac WAVE`, the name; the type says nothing that the file does not say itself.
    private static func fileName(_ rest: Substring) -> String {
        let text = rest.drop(while: \.isWhitespace)
        if text.first == "\"", let last = text.dropFirst().lastIndex(of: "\"") {
            return String(text[text.index(after: text.startIndex)..<last].prefix(CueSheet.maxValueBytes))
        }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count > 1, let name = words.dropLast().last else { return words.first.map(String.init) ?? "" }
        return String(text[..<name.endIndex].prefix(CueSheet.maxValueBytes))
    }

    /// Without its quotes, and of bounded length; nil when nothing is left.
    private static func value(_ rest: Substring) -> String? {
        var text = rest.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        if text.first == "\"" {
            text = text.dropFirst()
            if let last = text.lastIndex(of: "\"") { text = text[..<last] }
            text = text.drop(while: \.isWhitespace)
            while text.last?.isWhitespace == true { text.removeLast() }
        }
        while text.utf8.count > CueSheet.maxValueBytes { text.removeLast() }
        return text.isEmpty ? nil : String(text)
    }

    private static func count(_ value: String?) -> Int? {
        value.flatMap { Int($0) }.flatMap { (1...999).contains($0) ? $0 : nil }
    }

    /// `-6.21 dB`
    private static func decibels(_ value: String?) -> Double? {
        let number = value?.split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
        return number.flatMap { $0.isFinite && abs($0) < 100 ? $0 : nil }
    }

    private static func peak(_ value: String?) -> Double? {
        value.flatMap { Double($0) }.flatMap { $0.isFinite && $0 >= 0 && $0 < 100 ? $0 : nil }
    }
}
