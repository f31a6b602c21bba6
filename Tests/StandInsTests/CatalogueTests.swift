import Demo
import Testing

@testable import StandIns

@Suite struct CatalogueTests {
    private let catalogue = Catalogue.demo

    @Test("Every song of the demo library is known under the ids of its tags")
    func demo() {
        for record in DemoRecord.all() {
            let release = catalogue.release(record.id)
            #expect(release?.title == record.title)
            #expect(release?.tracks.map(\.recordingID) == record.songs.map(\.recordingID))
            for song in record.songs {
                #expect(catalogue.recording(song.recordingID)?.credits.map(\.artistID) == song.artists.map(\.id))
            }
        }
    }

    @Test("Artists outside the library have one id on all their records, and every id differs")
    func ids() {
        let choir = catalogue.artists.filter { $0.name == "Gravel Choir" }
        #expect(choir.count == 1)
        let all = catalogue.artists.map(\.id) + catalogue.recordings.map(\.id) + catalogue.releases.map(\.id)
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { ListenSubmission.isUUID($0) })
    }

    @Test("Every song has songs that are like it, and none of them is itself")
    func likeness() {
        for recording in catalogue.recordings {
            let similar = catalogue.similar(to: recording, limit: 10)
            #expect(!similar.isEmpty, "\(recording.title)")
            #expect(similar.allSatisfy { $0.thing.id != recording.id && (0...1).contains($0.score) })
        }
    }
}
