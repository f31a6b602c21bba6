import Domain
import Testing

@Suite struct AudioQualityTests {
    private static func track(
        _ codec: String, bits: Int? = nil, rate: Int? = 44_100, kbps: Int? = nil, ms: Int = 200_000,
        _ suspicions: [AudioDetails.Suspicion] = [], status: AudioAnalysis.Status = .complete
    ) -> Track {
        var properties = AudioProperties(codec: codec)
        (properties.bitsPerSample, properties.sampleRate, properties.bitrateKbps) = (bits, rate, kbps)
        var analysis = AudioAnalysis(
            contentKey: "k", version: "v", status: status, durationMs: ms, sampleRate: 44_100, channels: 2)
        analysis.details = AudioDetails()
        analysis.details?.signal = AudioDetails.Signal()
        analysis.details?.signal?.suspicions = suspicions
        return Track(
            id: 1, path: FilePath("/a"), state: .present, facts: FileFacts(size: 1, mtimeNs: 1, inode: 1, device: 1),
            metadata: TrackMetadata(), properties: properties, albumID: nil, artistIDs: [], coverHash: nil,
            contentKey: "k", analysis: analysis, hasVector: true, addedAt: 0, indexedAt: 0)
    }

    @Test("What is worth keeping: genuine, whole, and of the highest rate, in this order")
    func order() {
        let worstFirst = [
            Self.track("flac", bits: 24, [.transcoded]),
            Self.track("mp3", kbps: 320, ms: 190_000),
            Self.track("mp3", kbps: 320, status: .truncated),
            Self.track("mp3", kbps: 128),
            Self.track("opus", kbps: 128),
            Self.track("mp3", kbps: 192),
            Self.track("flac", bits: 24, ms: 197_000),
            Self.track("wav", bits: 16),
            Self.track("alac", bits: 16, rate: 192_000, [.upsampled]),
            Self.track("flac", bits: 24),
            Self.track("flac", bits: 24, rate: 96_000),
        ].map { AudioQuality($0, longestMs: 200_000) }
        for (place, quality) in worstFirst.enumerated() {
            for (other, better) in worstFirst.enumerated() {
                // Two of them are cut off, and equally bad.
                guard Set([place, other]) != [1, 2] else { continue }
                #expect((quality < better) == (place < other), "\(place) and \(other)")
            }
        }
        #expect(worstFirst.map(\.kind).first == .suspect)
        #expect(!(worstFirst[1] < worstFirst[2]) && !(worstFirst[2] < worstFirst[1]))
    }

    @Test("The surest reason is the surest, and is told from both sides")
    func evidence() {
        let match = FingerprintMatch(bitErrorRate: 0.1, overlapMs: 1000, offsetMs: 300)
        let worse = FingerprintMatch(bitErrorRate: 0.2, overlapMs: 1000, offsetMs: 0)
        let sorted: [DuplicateEvidence] = [
            .sameContent, .sameFingerprint(match), .sameFingerprint(worse), .probable(likeness: 0.999),
            .probable(likeness: 0.99),
        ]
        for (place, one) in sorted.enumerated() {
            for (other, another) in sorted.enumerated() { #expect(one.isSurer(than: another) == (place < other)) }
        }
        #expect(abs(sorted[1].score - 0.8) < 1e-9 && sorted.map(\.isVerified) == [true, true, true, false, false])
        var mirrored = match
        mirrored.offsetMs = -300
        #expect(sorted[1].reversed == .sameFingerprint(mirrored) && sorted[3].reversed == sorted[3])
    }

    @Test("What hangs together by pairs has the smallest name of all of it")
    func components() {
        var components = Components()
        for (one, other) in [("d", "c"), ("f", "e"), ("c", "b"), ("f", "e")] { components.join(one, other) }
        #expect(["a", "b", "c", "d", "e", "f"].map { components.name($0) } == [nil, "b", "b", "b", "e", "e"])
        components.join("d", "f")
        #expect(components.name("e") == "b")
    }
}
