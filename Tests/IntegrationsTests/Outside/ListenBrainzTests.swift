import Contracts
import Domain
import Foundation
import Testing
import UseCases

@testable import Integrations

@Suite struct ListenBrainzListenTests {
    private static let id = "0383dadf-2a4e-4d10-a46a-e9e041da8eb3"

    private func object(_ listen: Listen, isNow: Bool = false) throws -> [String: Any] {
        let json = try ListenBrainzListen(listen, isNow: isNow).json()
        return try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    }

    @Test("A listen holds its time and its names; what plays now holds no time")
    func shape() throws {
        var listen = Listen(artist: "Marled Field", title: "First Light", startedAt: 1_700_000_000)
        (listen.recordingID, listen.durationMs, listen.album) = (Self.id.uppercased(), 240_000, "Furrow Lines")
        let object = try object(listen)
        #expect(object["listened_at"] as? Int == 1_700_000_000)
        let metadata = try #require(object["track_metadata"] as? [String: Any])
        #expect(metadata["artist_name"] as? String == "Marled Field")
        #expect(metadata["release_name"] as? String == "Furrow Lines")
        let info = try #require(metadata["additional_info"] as? [String: Any])
        #expect(info["recording_mbid"] as? String == Self.id)
        #expect(info["duration_ms"] as? Int == 240_000)
        #expect(try self.object(listen, isNow: true).keys.sorted() == ["track_metadata"])
    }

    @Test("Nothing is sent that makes ListenBrainz refuse the batch: no bad id, no NUL, no endless duration")
    func harmless() throws {
        var listen = Listen(artist: "A\0B", title: "T", startedAt: 1_700_000_000)
        (listen.recordingID, listen.durationMs, listen.artistIDs) = ("none", .max, ["x", Self.id])
        let metadata = try #require(try object(listen)["track_metadata"] as? [String: Any])
        #expect(metadata["artist_name"] as? String == "AB")
        let info = try #require(metadata["additional_info"] as? [String: Any])
        #expect(info["recording_mbid"] == nil && info["duration_ms"] == nil)
        #expect(info["artist_mbids"] as? [String] == [Self.id])
    }

    @Test("A listen without a name, from before the service counts, or larger than its limit is not sent")
    func refused() {
        for listen in [
            Listen(artist: " ", title: "T", startedAt: 1_700_000_000),
            Listen(artist: "A", title: "T", startedAt: ListenBrainzListen.oldest - 1),
            Listen(artist: "A", title: String(repeating: "é", count: 5000), startedAt: 1_700_000_000),
        ] {
            #expect(throws: ListenBrainzListen.Refusal.self) { try ListenBrainzListen(listen, isNow: false).json() }
        }
    }
}

@Suite struct RateWindowTests {
    @Test("When nothing is left, whoever asks waits until the window ends")
    func wait() {
        var window = RateWindow()
        #expect(window.take(at: 0) == 0)
        window.note(remaining: 1, resetIn: 10, at: 0)
        #expect(window.take(at: 1) == 0)
        #expect(window.take(at: 2) == 8)
        #expect(window.take(at: 10) == 0)
    }

    @Test("An answer that was overtaken does not give back what is used up")
    func overtaken() {
        var window = RateWindow()
        window.note(remaining: 0, resetIn: 10, at: 0)
        window.note(remaining: 5, resetIn: 9, at: 1)
        #expect(window.take(at: 2) == 8)
        // A new window
        window.note(remaining: 5, resetIn: 10, at: 11)
        #expect(window.take(at: 12) == 0)
    }

    @Test("Nonsense in a header is not believed, and no window is endless")
    func nonsense() {
        var window = RateWindow()
        window.note(remaining: -1, resetIn: 10, at: 0)
        window.note(remaining: 0, resetIn: .infinity, at: 0)
        window.note(remaining: 0, resetIn: -1, at: 0)
        #expect(window.take(at: 0) == 0)
        window.note(remaining: 0, resetIn: 1e9, at: 0)
        #expect(window.take(at: 1) <= 300)
    }
}

@Suite struct ListenBrainzAnswerTests {
    @Test("Similar recordings are ordered by score, each once, and the best has the match 1")
    func similar() throws {
        let json = #"""
            [{"recording_mbid":"a","recording_name":"A","artist_credit_name":"X","score":10,"reference_mbid":"z"},
             {"recording_mbid":"b","recording_name":"B","artist_credit_name":"Y","score":40},
             {"recording_mbid":"a","recording_name":"A","artist_credit_name":"X","score":7},
             {"recording_mbid":"c","recording_name":null,"score":0}]
            """#
        let items = try JSONDecoder().decode(
            LooseList<ListenBrainzAnswers.SimilarRecording>.self, from: Data(json.utf8)
        ).items
        let ranked = ListenBrainz.ranked(items, \.recording_mbid, \.score) { item, match in
            item.recording_name?.value.map { OutsideFacts.Match($0, match: match) }
        }
        #expect(ranked == [OutsideFacts.Match("B", match: 1), OutsideFacts.Match("A", match: 0.25)])
    }

    @Test("What is known of a recording is read, also where parts are missing")
    func metadata() throws {
        let json = #"""
            {"recording":{"rels":[],"length":240000},"artist":{"name":"Portishead","artist_credit_id":65,
             "artists":[{"artist_mbid":"8f6bd1e4-fbe1-4f50-aa9b-94c450ec0f11","name":"Portishead"}]},
             "tag":{"recording":[{"tag":"trip hop","count":4},{"tag":"downtempo","count":2}],"artist":[]},
             "release":{"name":"Dummy","mbid":"76df3287-6cda-33eb-8e9a-044b5e15ffdd","year":1994,
              "caa_id":829521842,"caa_release_mbid":"76df3287-6cda-33eb-8e9a-044b5e15ffdd"}}
            """#
        let metadata = try JSONDecoder().decode(ListenBrainzAnswers.Metadata.self, from: Data(json.utf8))
        let facts = ListenBrainz.facts(metadata).bounded()
        #expect(facts.artist == "Portishead" && facts.durationMs == 240_000 && facts.date == "1994")
        #expect(facts.tags == [.init("trip hop", weight: 1), .init("downtempo", weight: 0.5)])
        #expect(facts.images.count == 1)
        let empty = try JSONDecoder().decode(ListenBrainzAnswers.Metadata.self, from: Data("{}".utf8))
        #expect(ListenBrainz.facts(empty) == OutsideFacts())
        let lookup = try JSONDecoder().decode(ListenBrainzAnswers.Lookup.self, from: Data("{}".utf8))
        #expect(lookup.recording_mbid == nil)
    }
}
