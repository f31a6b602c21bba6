import Domain

/// Tracks as an extended M3U playlist, which is UTF-8 and has one file a line.
enum Playlist {
    /// What a line cannot hold is left out: paths that are not UTF-8, or that have a line break in them.
    static func m3u(_ tracks: [TrackView]) -> (text: String, leftOut: Int) {
        var lines = ["#EXTM3U"]
        var leftOut = 0
        for track in tracks {
            guard let path = FilePath(encoded: track.path), let text = String(validating: path.bytes, as: UTF8.self),
                !text.contains(where: \.isNewline)
            else {
                leftOut += 1
                continue
            }
            let seconds = track.durationMs.map { $0 / 1000 } ?? -1
            let name = track.name.split(whereSeparator: \.isNewline).joined(separator: " ")
            lines += ["#EXTINF:\(seconds),\(name)", text]
        }
        return (lines.joined(separator: "\n") + "\n", leftOut)
    }

    static func print(_ tracks: [TrackView]) throws(CommandError) {
        let playlist = m3u(tracks)
        if playlist.leftOut > 0 {
            Console.note("left out \(playlist.leftOut) tracks whose paths a playlist cannot hold")
        }
        try Console.write(playlist.text)
    }
}
