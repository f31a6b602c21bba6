import Contracts
import Domain
import UseCases

extension MemoryStore {
    /// One of everything, and a token of each role whose secret is the role's name.
    static func filled() -> MemoryStore {
        MemoryStore { state in
            for (index, role) in AccessRole.allCases.enumerated() {
                let token = AccessToken(
                    id: Int64(index + 1), accountID: Int64(index + 1), name: role.rawValue, role: role, createdAt: now,
                    expiresAt: nil,
                    lastUsedAt: nil)
                state.tokens.append((token, role.rawValue))
            }
            state.accounts = [
                Account(id: 1, name: "ada", role: .user, hasPassword: false, createdAt: now),
                Account(id: 3, name: "root", role: .admin, hasPassword: true, createdAt: now),
            ]
            state.passwords[3] = "old password"
            state.roots = [FilePath("/music")]
            state.tracks = (1...5).map { track(id: $0, path: nil) }
            state.tracks[4].hasVector = false
            state.duplicates = duplicates
            state.albums = (1...3).map { album(id: $0) }
            state.artists = (1...3).map { artist(id: $0) }
            state.covers = [coverHash: CoverImage(hash: coverHash, mediaType: "image/png", data: [1, 2, 3])]
            state.tasks = [.dead, .ready, .running].enumerated().map { index, state in
                record(
                    NewTask(payload: .noop, priority: .normal), id: Int64(index + 1), state: state)
            }
            state.tasks[0].lastFailure = Failure(.corruptFile, "\"/music/a.mp3\" is corrupt")
            state.tasks[0].scanID = "scan-1"
            state.tasks[0].runs = 1
            state.runs[1] = [
                TaskRun(
                    run: 1, workerID: -5, end: .died, claimedAt: now, finishedAt: now + 1,
                    failure: state.tasks[0].lastFailure)
            ]
            state.events[1] = [TaskEvent(at: now, type: "rescue", actor: "reaper", detail: "lease ended")]
            state.scans = [scan(id: "scan-1")]
            state.workers = [worker]
        }
    }

    static let coverHash = String(repeating: "ab", count: 32)

    static func track(id: Int64, path: FilePath? = nil) -> Track {
        var metadata = TrackMetadata()
        metadata.title = "Title \(id) \"quoted\" \u{1}é"
        metadata.artists = ["A", "B"]
        metadata.album = "Album"
        metadata.genres = ["Jazz"]
        metadata.date = "1997-05"
        metadata.extra = ["composer": ["C"]]
        metadata.replayGain.trackGainDb = -7.5
        metadata.musicBrainz.recording = "0f8e1c9a-0000-4000-8000-000000000001"
        var properties = AudioProperties(codec: "mp3")
        properties.bitrateKbps = 320
        var analysis = AudioAnalysis(
            contentKey: "k\(id)", version: "ear-1", status: .complete, durationMs: 200_000, sampleRate: 44100,
            channels: 2)
        analysis.tempoBpm = 120.5
        analysis.key = "C major"
        analysis.truePeakDb = .infinity
        analysis.details = AudioDetails()
        analysis.details?.fingerprint = "AQAA"
        analysis.details?.loudness = AudioDetails.Loudness()
        analysis.details?.loudness?.maxMomentaryLufs = -8.5
        var track = Track(
            id: id, path: path ?? FilePath(bytes: Array("/music/\(id)-".utf8) + [0xFF]), state: .present,
            facts: FileFacts(size: 5_000_000, mtimeNs: 1, inode: 2, device: 3), metadata: metadata,
            properties: properties, albumID: 1, artistIDs: [1, 2], coverHash: coverHash, contentKey: "k\(id)",
            analysis: analysis, hasVector: true, addedAt: now, indexedAt: now)
        track.measuredGain = ReplayGain()
        track.measuredGain?.trackGainDb = -9.5
        return track
    }

    /// Two files whose fingerprints agree, and a guess; then two copies.
    static var duplicates: [DuplicateGroup] {
        var better = track(id: 1)
        better.properties = AudioProperties(codec: "flac")
        var copy = track(id: 5)
        copy.contentKey = "k4"
        let match = FingerprintMatch(bitErrorRate: 0.04, overlapMs: 110_000, offsetMs: 3000)
        let first = StoredDuplicates(
            id: "k1", tracks: [better, track(id: 2), track(id: 3)],
            pairs: [
                DuplicatePair("k1", "k2", .sameFingerprint(match)),
                DuplicatePair("k2", "k3", .probable(likeness: 0.99)),
            ])
        let second = StoredDuplicates(id: "k4", tracks: [track(id: 4), copy], pairs: [])
        return [DuplicateGroup(first), DuplicateGroup(second)]
    }

    static func album(id: Int64) -> Album {
        var album = Album(
            id: id, title: "Album \(id)", artist: nil, year: 1997, trackCount: 5, durationMs: 1000,
            coverHash: coverHash, musicBrainzID: nil)
        album.coverOrigin = CoverOrigin(source: "coverart", address: "https://covers.example/1")
        album.coverSearch = CoverSearch(checkedAt: now, problems: ["Last.fm: a wrong key"])
        album.measuredGain = ReplayGain()
        album.measuredGain?.albumPeak = 1.25
        return album
    }

    static func artist(id: Int64) -> Artist {
        Artist(id: id, name: "Artist \(id)", sortName: nil, trackCount: 5, albumCount: 1, musicBrainzID: nil)
    }

    static func scan(id: String, cause: Scan.Cause = .request) -> Scan {
        var scan = Scan(
            id: id, path: FilePath("/music"), mode: .quick, priority: .normal, until: .vector, cause: cause,
            state: .running,
            progress: ScanProgress(), createdAt: now)
        scan.taskID = 1
        return scan
    }

    static let worker = WorkerStatus(
        registration: WorkerRegistration(
            id: -7, host: "pi", processID: 42, roles: [.indexer, .audio], kinds: [.indexFile: 1],
            slots: [.indexer: 2], version: "0.1"),
        startedAt: now, lastSeenAt: now, isAlive: true, isDraining: false, running: [3])
}

extension MemoryStore {
    static func token(id: Int64) -> AccessToken {
        AccessToken(id: id, accountID: id, name: "t", role: .user, createdAt: now, expiresAt: nil, lastUsedAt: nil)
    }
}
