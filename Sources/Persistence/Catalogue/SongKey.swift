import Domain
import Foundation

/// By what songs of one name are found, however they are spelt.
enum SongKey {
    /// Nil without a title or an artist: "Track 1" by nobody is no song.
    static func hash(title: String?, artist: String?) -> UInt64? {
        guard let title, let artist else { return nil }
        let song = withoutRemaster(NameKey.identity(title))
        return song.isEmpty ? nil : RecordingMark.hash(song + "\u{1F}" + NameKey.identity(artist))
    }

    /// `help! - remastered 2009`, `help! (2009 remaster)`: what was made anew is the transfer, not the recording.
    private static func withoutRemaster(_ title: String) -> String {
        guard title.contains("remaster") else { return title }
        for opening in [" (", " [", " - "] {
            guard let start = title.range(of: opening, options: .backwards)?.lowerBound,
                title[start...].contains("remaster")
            else { continue }
            return String(title[..<start])
        }
        return title
    }
}
