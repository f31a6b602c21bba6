import ArgumentParser
import Audio
import Domain
import UseCases

struct ReplayGainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replaygain",
        abstract: "Show ReplayGain as measured and as tagged, and write it into the files.",
        discussion: """
            The server knows what was measured; the files are read, and written, on this machine, by their paths in \
            the library. Nothing is written without --write. A file is changed in a copy of its own, which takes its \
            place when its audio and its other tags were found to be unchanged.

            Examples:
              sillon replaygain ~/Music/Nina
              sillon replaygain --album 17 --write
              sillon replaygain --all --json
            """)

    @Argument(help: "A file of the library, or a folder.")
    var path: String?

    @Option(help: ArgumentHelp("All tracks of this album.", valueName: "id"))
    var album: Int64?

    @Flag(help: "The whole library.")
    var all = false

    @Flag(help: "Only say what would be written; so it is without --write, too.")
    var dryRun = false

    @Flag(help: "Write it into the files.")
    var write = false

    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard [path != nil, album != nil, all].count(where: { $0 }) == 1 else {
            throw ValidationError("Give a path, --album ID or --all")
        }
        guard !(dryRun && write) else { throw ValidationError("--dry-run and --write exclude each other") }
    }

    func run() async throws {
        let tracks = try await GainTracks(client: try options.client()).tracks(try scope())
        guard !tracks.isEmpty else { throw CommandError.failed("no such track is in the library; scan it first") }
        var rows = await readTags(of: tracks)
        if write {
            for (index, track) in tracks.enumerated() where rows[index].outcome == .differs {
                write(track, &rows[index])
            }
        }
        try show(rows)
        let failed = rows.count { $0.outcome == .failed }
        if failed > 0 { throw CommandError.failed("\(failed) of \(rows.count) files failed") }
    }

    private func scope() throws(CommandError) -> GainTracks.Scope {
        if let album { return .album(album) }
        if let path { return .path(try PathArgument.known(path)) }
        return .all
    }

    private func readTags(of tracks: [GainTrackView]) async -> [GainRow] {
        let pool = MediaHostPool(MediaHostSettings())
        let readings = await Self.readings(tracks.map { MediaFile(path: $0.path, root: $0.path.parent) }, pool)
        await pool.shutdown()
        return zip(tracks, readings).map { track, reading in
            GainRow(
                track,
                reading.map { reading in
                    let tagged = reading.metadata.replayGain
                    let isCurrent = track.replayGain.map {
                        GainWriter.isCurrent(tagged, codec: reading.properties.codec, measured: $0)
                    }
                    return (tagged, isCurrent ?? false)
                })
        }
    }

    private static func readings(
        _ files: [MediaFile], _ pool: MediaHostPool
    ) async -> [Result<TagReading, any Error>] {
        let (answers, sink) = AsyncStream<(Int, Result<TagReading, any Error>)>.makeStream()
        await pool.readTags(of: files) { sink.yield(($0, $1)) }
        sink.finish()
        var readings = [Result<TagReading, any Error>](
            repeating: .failure(CancellationError()), count: files.count)
        for await (index, reading) in answers { readings[index] = reading.map(\.withoutCover) }
        return readings
    }

    /// On this thread, which has nothing else to do: one file after the other.
    private func write(_ track: GainTrackView, _ row: inout GainRow) {
        guard let gain = track.replayGain, let contentKey = track.contentKey else { return }
        do {
            let isWritten = try GainWriter(MediaHostSettings()).write(
                gain, to: track.path, contentKey: contentKey, salt: .random(in: 0 ... .max))
            row.outcome = isWritten ? .written : .current
        } catch {
            (row.outcome, row.problem) = (.failed, error.message)
        }
    }

    private func show(_ rows: [GainRow]) throws {
        if options.json { return try ProbeText.show(rows, json: true) }
        try Console.table(GainTable.of(rows))
        for problem in rows.compactMap(\.problem) { Console.note(problem) }
        let toWrite = rows.count { $0.outcome == .differs }
        if toWrite > 0 { Console.note("nothing was written; to write \(toWrite) files: --write") }
        let unheard = rows.count { $0.outcome == .unanalysed }
        if unheard > 0 {
            Console.note(
                """
                \(unheard) files are not analysed yet: `sillon status` shows how much is waiting, `sillon tasks list \
                --state dead` what failed
                """)
        }
        if rows.contains(where: { $0.outcome == .written }) {
            Console.note("the library knows the new tags after the next scan")
        }
    }
}

extension TagReading {
    /// A cover is never shown here, and ten thousand of them would fill the memory.
    fileprivate var withoutCover: TagReading {
        var reading = self
        reading.cover = nil
        return reading
    }
}
