import CoreMetrics
import Domain
import Telemetry
import TestSupport
import Testing
import UseCases

@testable import Audio

/// Every media host that is started and replaced is counted, by reason.
@Suite struct HostMetricsTests {
    @Test("A host that hangs is a timeout, one that crashes a crash, and the next file takes another one")
    func reasons() async throws {
        let registry = MetricsRegistry()
        let lab = try MediaLab()
        try lab.tone("tone.mp3")
        let loop = try lab.write("loop.wv", HostileFiles.wavPackLoop)
        let nested = try lab.write(
            "nested.mp3", HostileFiles.nestedChapters(depth: 50_000) + lab.read("tone.mp3"))
        try await withMetricsFactory(registry) {
            try await withPool { pool in
                for file in [loop, nested] { #expect(await failureOf { try await pool.readTags(of: file) } != nil) }
                _ = try await pool.readTags(of: lab.file("tone.mp3"))
            }
        }
        let text = await MetricsPage(registry: registry).text(.text)
        #expect(text.contains(#"sillon_media_host_restarts_total{duty="tags",reason="timeout"} 1"#))
        #expect(text.contains(#"sillon_media_host_restarts_total{duty="tags",reason="crashed"} 1"#))
        #expect(text.contains(#"sillon_media_host_starts_total{duty="tags"} 3"#))
        #expect(text.contains(#"sillon_media_host_restarts_total{duty="audio",reason="crashed"} 0"#))
    }
}
