import Domain
import Foundation
import Testing
import UseCases

@testable import Integrations

@Suite struct LuceneQueryTests {
    @Test("What means something to Lucene stands for itself")
    func escaping() {
        var query = LuceneQuery()
        query.add("recording", phrase: #"What? (Live) "A/B" C:\D && !E"#)
        query.add("artist", phrase: "AC/DC\u{0}\n")
        #expect(
            query.text
                == #"recording:"What\? \(Live\) \"A\/B\" C\:\\D \&\& \!E" AND artist:"AC\/DC  ""#)
        for mark in #"+-&|!(){}[]^"~*?:\/"# { #expect(LuceneQuery.escape("\(mark)") == "\\\(mark)") }
    }

    @Test("A very long name is cut")
    func long() {
        #expect(LuceneQuery.escape(String(repeating: "a", count: 100_000)).count == 300)
    }
}

@Suite struct NameLikenessTests {
    @Test(
        "Case, accents and punctuation make no difference",
        arguments: [
            ("Björk", "bjork"), ("AC/DC", "ac dc"), ("Don't Stop", "Dont Stop"),
            ("Simon & Garfunkel", "simon and garfunkel"),
            ("Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"),
        ])
    func same(left: String, right: String) {
        #expect(NameLikeness.of(left, right) == 1)
    }

    @Test("Brackets and guests count little, other names much")
    func order() {
        let asked = "First Light on Stubble"
        let remaster = NameLikeness.of("First Light on Stubble (2011 Remaster)", asked)
        let guest = NameLikeness.of("First Light on Stubble feat. Somebody", asked)
        let typo = NameLikeness.of("First Ligth on Stuble", asked)
        let other = NameLikeness.of("Last Train Home", asked)
        #expect(remaster < 1 && remaster >= 0.85)
        #expect(guest < 1 && guest >= 0.85)
        #expect(typo >= 0.7 && typo < 1)
        #expect(other < 0.4)
        #expect(NameLikeness.of("", "") == 1 && NameLikeness.of("", "a") == 0)
        #expect(NameLikeness.of("???", "!!!") == 1)
    }
}

@Suite struct MusicBrainzScoreTests {
    private func recordings(_ json: String) throws -> [MusicBrainzAnswers.Recording] {
        try JSONDecoder().decode(MusicBrainzAnswers.RecordingList.self, from: Data(json.utf8)).recordings.items
    }

    private static let list = #"""
        {"created":"2026","count":3,"offset":0,"recordings":[
         {"id":"00000000-0000-0000-0000-000000000001","score":100,"title":"Furrow","length":500000,"video":null,
          "artist-credit":[{"name":"Somebody Else","artist":{"id":"a","name":"Somebody Else","sort-name":"x"}}]},
         {"id":"00000000-0000-0000-0000-000000000002","score":80,"title":"Furrow","length":201000,
          "artist-credit":[{"name":"Marled Field","joinphrase":" & ","artist":{"id":"b","name":"Marled Field"}},
            {"name":"Guest","artist":{"id":"c","name":"Guest"}}],"first-release-date":"1998-03",
          "releases":[{"id":"r1","title":"Best of","status":null},
            {"id":"r2","title":"Furrow Lines","release-group":{"id":"g2","primary-type":"Album"}}],
          "tags":[{"count":-1,"name":"bad"},{"count":2,"name":"folk"},{"count":4,"name":"drone"}]},
         {"id":"00000000-0000-0000-0000-000000000003","score":79,"title":"Furrow","length":null,
          "artist-credit":[{"name":"Marled Field","artist":{"id":"b","name":"Marled Field"}}]}]}
        """#

    @Test("Playing time and artist decide between recordings of one title, whatever the search's own order")
    func recording() throws {
        let track = TrackQuestion(
            artist: "Marled Field", title: "Furrow", album: "Furrow Lines", durationMs: 200_000)
        let best = try #require(MusicBrainz.best(try recordings(Self.list)) { CandidateScore.of($0, for: track) })
        #expect(best.item.id.hasSuffix("2"))
        let facts = MusicBrainz.facts(best.item, for: track, confidence: best.score)
        #expect(facts.musicBrainz.release == "r2" && facts.musicBrainz.releaseGroup == "g2")
        #expect(facts.artist == "Marled Field & Guest" && facts.date == "1998-03")
        #expect(facts.tags == [.init("drone", weight: 1), .init("folk", weight: 0.5)])
    }

    @Test("Something else is no answer")
    func nothing() throws {
        let track = TrackQuestion(artist: "Marled Field", title: "Windrow", durationMs: 200_000)
        #expect(MusicBrainz.best(try recordings(Self.list)) { CandidateScore.of($0, for: track) } == nil)
    }

    @Test("An album is told from another by its number of tracks")
    func release() throws {
        let json = #"""
            {"releases":[
             {"id":"1","title":"Furrow Lines","score":100,"track-count":24,"date":"2011",
              "artist-credit":[{"name":"Marled Field"}]},
             {"id":"2","title":"Furrow Lines","score":99,"media":[{"track-count":5},{"track-count":5}],"date":"1998",
              "artist-credit":[{"name":"Marled Field"}]}]}
            """#
        let releases = try JSONDecoder().decode(MusicBrainzAnswers.ReleaseList.self, from: Data(json.utf8)).releases
        let album = AlbumQuestion(artist: "Marled Field", title: "Furrow Lines", year: 1998, trackCount: 10)
        let best = try #require(MusicBrainz.best(releases.items) { CandidateScore.of($0, for: album) })
        #expect(best.item.id == "2" && best.score > 0.99)
    }
}

@Suite struct CoverArtArchiveTests {
    private static let json = #"""
        {"images":[
          {"id":"9","image":"http://coverartarchive.org/release/m/9.jpg","thumbnails":{"small":"http://x/9-250.jpg"},
           "types":["Back"],"front":false,"back":true,"approved":true,"edit":1,"comment":""},
          {"id":1,"image":"http://coverartarchive.org/release/m/1.png","front":true,"approved":true,"types":["Front"],
           "thumbnails":{"250":"http://x/1-250.jpg","500":"http://x/1-500.jpg","1200":"http://x/1-1200.jpg",
             "small":"http://x/1-250.jpg","large":"http://x/1-500.jpg"}}],"release":"http://musicbrainz.org/release/m"}
        """#

    @Test("The front comes in its sizes, over https, and the back does not")
    func fronts() throws {
        let index = try JSONDecoder().decode(CoverArtArchive.Index.self, from: Data(Self.json.utf8))
        let found = CoverArtArchive.candidates(index, encrypted: true)
        #expect(found.map(\.size) == [1200, nil, 500, 250])
        #expect(found.allSatisfy { $0.address.hasPrefix("https://") })
        #expect(CoverArtArchive.candidates(index, encrypted: false)[0].address == "http://x/1-1200.jpg")
    }

    @Test("Old pictures have small thumbnails only, and a PDF is no picture")
    func old() throws {
        let json = #"""
            {"images":[{"image":"http://x/1.pdf","front":true,"types":["Front"],
             "thumbnails":{"small":"http://x/s.jpg","large":"http://x/l.jpg"}}]}
            """#
        let index = try JSONDecoder().decode(CoverArtArchive.Index.self, from: Data(json.utf8))
        #expect(
            CoverArtArchive.candidates(index, encrypted: false).map(\.address) == ["http://x/l.jpg", "http://x/s.jpg"])
    }
}
