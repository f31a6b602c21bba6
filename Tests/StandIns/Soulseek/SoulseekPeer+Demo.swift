import Demo

extension SoulseekPeer {
    /// Who shares the records that the demo library does not have.
    package static let demo: [SoulseekPeer] = {
        var barnOwl = SoulseekPeer("barn_owl", files: shelf("@@qkzvt\\Music\\FLAC", .flac, isNested: true))
        barnOwl.uploadSpeed = 3_000_000
        var tapeHiss = SoulseekPeer("tape hiss", files: shelf("@@hiss\\mp3", .mp3, isNested: false))
        tapeHiss.hasFreeSlot = false
        tapeHiss.queueLength = 3
        tapeHiss.uploadSpeed = 300_000
        var lockedDoor = SoulseekPeer("locked_door", files: shelf("@@door\\lossless", .flac, isNested: true))
        lockedDoor.files = lockedDoor.files.map { File($0.remoteName, $0.origin, isLocked: true) }
        var moth = SoulseekPeer("moth", files: shelf("@@moth\\Archive", .flac, isNested: true))
        moth.manner = .rejects
        var nightShift = SoulseekPeer("night_shift", files: shelf("@@night\\Musik", .mp3, isNested: true))
        nightShift.manner = .breaksOff
        var goneFishing = SoulseekPeer("gone/fishing", files: shelf("@@fish\\Music", .flac, isNested: false))
        goneFishing.isOnline = false
        return [barnOwl, tapeHiss, lockedDoor, moth, nightShift, goneFishing]
    }()

    private static func shelf(_ root: String, _ format: AudioFormat, isNested: Bool) -> [File] {
        Catalogue.outside.flatMap { record in
            record.songs.enumerated().map { index, song in
                let artist = record.artist.name
                let year = record.date.prefix(4)
                let folder = isNested ? "\(artist)\\\(record.title) (\(year))" : "\(artist) - \(record.title)"
                let number = index < 9 ? "0\(index + 1)" : "\(index + 1)"
                let origin = Song(
                    title: song.title, artist: artist, album: record.title, date: record.date, number: index + 1,
                    seconds: song.seconds)
                return File(
                    "\(root)\\\(folder)\\\(number) - \(song.title).\(format.fileExtension)", .song(origin, format))
            }
        }
    }
}
