import Domain
import Files
import UseCases

/// Writes measured ReplayGain into the tags of files, so that a file is either as it was or has it whole.
///
/// What is written goes into a copy, by a child process that can change nothing else. A second child reads the copy: only
/// when its bytes hold every part that the file has, the audio is the same and every other tag reads the same does the
/// copy take the file's place.
package struct GainWriter: Sendable {
    private let settings: MediaHostSettings

    package init(_ settings: MediaHostSettings) {
        self.settings = settings
    }

    /// True when tags of a file of this codec that say `tagged` say what writing would make them say.
    package static func isCurrent(_ tagged: ReplayGain, codec: String, measured: ReplayGain) -> Bool {
        let wanted = GainTexts(measured).read(inCodec: codec)
        return isSame(wanted.trackGainDb, tagged.trackGainDb) && isSame(wanted.albumGainDb, tagged.albumGainDb)
            && isSame(wanted.trackPeak, tagged.trackPeak) && isSame(wanted.albumPeak, tagged.albumPeak)
    }

    /// Half of the last decimal that is written.
    private static let tolerance = 5e-7

    private static func isSame(_ wanted: Double?, _ tagged: Double?) -> Bool {
        guard let wanted else { return true }
        return tagged.map { abs($0 - wanted) < tolerance } ?? false
    }

    /// False when the file says so already and is left alone. Throws `fileChanged` when its audio is not the one that
    /// `contentKey` names. Waits on the calling thread.
    package func write(
        _ gain: ReplayGain, to path: FilePath, contentKey: String, salt: UInt64
    ) throws(Failure) -> Bool {
        let original = try BeneathOpener().open(path, beneath: path.parent)
        let changeTime = try original.changeTime()
        let texts = GainTexts(gain)
        var reader = try HandedFile(original.number, path: path, settings: settings)
        let old = Content(tags: try reader.readTags(), contentKey: try reader.contentKey())
        guard old.contentKey == contentKey else {
            throw Failure(
                .fileChanged,
                """
                the audio of \(path.quoted) is not the one that was analysed; scan it first, and wait for its analysis \
                (`sillon status` shows what is waiting)
                """)
        }
        let tagged = old.tags.metadata.replayGain
        guard !Self.isCurrent(tagged, codec: old.tags.properties.codec, measured: gain) else { return false }
        let parts = try reader.parts(apartFrom: texts)
        let replacement = try FileReplacement.copying(path, salt: salt)
        guard replacement.original.facts == original.facts, replacement.changeTime == changeTime else {
            throw Failure(.fileChanged, "\(path.quoted) changed while it was read")
        }
        try edit(replacement.number, path, texts)
        var copy = try HandedFile(replacement.number, path: path, settings: settings)
        if let damage = FilePart.damage(from: parts, to: try copy.parts(apartFrom: texts)) {
            throw Failure(.corruptFile, "writing into \(path.quoted) would \(damage)")
        }
        let new = Content(tags: try copy.readTags(), contentKey: try copy.contentKey())
        try expect(new, toBe: old, with: gain, path)
        try replacement.commit()
        return true
    }

    private struct Content {
        var tags: TagReading
        var contentKey: String
    }

    private func edit(_ descriptor: Int32, _ path: FilePath, _ texts: GainTexts) throws(Failure) {
        var file = try HandedFile(descriptor, path: path, settings: settings)
        try file.write(texts)
    }

    private func expect(
        _ new: Content, toBe old: Content, with gain: ReplayGain, _ path: FilePath
    ) throws(Failure) {
        let codec = new.tags.properties.codec
        guard new.contentKey == old.contentKey, codec == old.tags.properties.codec,
            new.tags.properties.durationMs == old.tags.properties.durationMs
        else { throw Failure(.corruptFile, "writing would have changed the audio of \(path.quoted)") }
        guard Self.isCurrent(new.tags.metadata.replayGain, codec: codec, measured: gain) else {
            throw Failure(.corruptFile, "the tags of \(path.quoted) do not keep ReplayGain")
        }
        var (others, were) = (new.tags.metadata, old.tags.metadata)
        (others.replayGain, were.replayGain) = (ReplayGain(), ReplayGain())
        guard others == were, new.tags.cover == old.tags.cover else {
            throw Failure(.corruptFile, "writing would have changed other tags of \(path.quoted)")
        }
    }
}
