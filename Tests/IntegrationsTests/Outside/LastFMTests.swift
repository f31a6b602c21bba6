import Domain
import Foundation
import Testing
import UseCases

@testable import Integrations

@Suite struct LastFMSignatureTests {
    @Test("Calls are signed as Last.fm's own examples are")
    func vectors() {
        let secret = Credential("YOUR_SECRET")
        let session = ["api_key": "YOUR_API_KEY", "method": "auth.getSession", "token": "YOUR_REQUESTED_TOKEN"]
        #expect(LastFMSignature.of(session, secret: secret) == "94539006de89b3c6b3c030bb1e52b9c4")
        let love = [
            "method": "track.love", "artist": "KITANO REM", "track": "RAINSICK", "api_key": "YOUR_API_KEY",
            "sk": "YOUR_SESSION_KEY",
        ]
        #expect(LastFMSignature.of(love, secret: secret) == "800b8884b00c9343d1d425ed271e0f42")
    }

    @Test("What says only how to answer is not signed, and names are ordered by their bytes")
    func order() {
        let secret = Credential("s")
        let plain = ["artist[0]": "a", "artist[1]": "b", "artist[10]": "c"]
        let dressed = plain.merging(["format": "json", "callback": "x", "api_sig": "y"]) { first, _ in first }
        #expect(LastFMSignature.of(dressed, secret: secret) == LastFMSignature.of(plain, secret: secret))
        // artist[0]aartist[10]cartist[1]bs
        #expect(LastFMSignature.of(plain, secret: secret) == "c34b37525a6059e9be7e7a9cb61fbf80")
    }
}

@Suite struct LastFMAnswerTests {
    private func answer(_ json: String, status: Int = 200) -> ServiceAnswer {
        ServiceAnswer(status: status, body: Array(json.utf8))
    }

    @Test(
        "Each error code means what its table says",
        arguments: [
            (2, Failure.Reason.serviceRefused), (3, .serviceRefused), (4, .signInAgain), (5, .serviceRefused),
            (7, .serviceRefused), (8, .serviceError), (9, .signInAgain), (10, .serviceBlocked),
            (11, .serviceUnavailable), (13, .serviceBlocked), (14, .signInAgain), (15, .signInAgain),
            (16, .serviceUnavailable), (17, .serviceRefused), (26, .serviceBlocked), (27, .serviceRefused),
            (29, .serviceUnavailable),
        ])
    func codes(code: Int, reason: Failure.Reason) {
        let problem = LastFMProblem(code: code, message: "words", retryAfterSeconds: nil)
        #expect(problem.failure.reason == reason)
        #expect(problem.failure.message.contains("\(code)") && problem.failure.message.contains("words"))
    }

    @Test("Who asked too often is held off for long")
    func pauses() {
        #expect(LastFMProblem(code: 29, message: "", retryAfterSeconds: 1).failure.retryAfterSeconds == 60)
        #expect(LastFMProblem(code: 29, message: "", retryAfterSeconds: 90).failure.retryAfterSeconds == 90)
    }

    @Test("An error that comes with status 200 is one, and a page is a failure that may pass")
    func errors() {
        #expect(throws: LastFMProblem.absent("Last.fm answered error 6: Track not found")) {
            try LastFM.interpret(
                answer(#"{"error":6,"message":"Track not found","links":[]}"#), as: LastFMAnswers.TrackAnswer.self)
        }
        do throws(LastFMProblem) {
            _ = try LastFM.interpret(answer("<html>Sorry</html>"), as: LastFMAnswers.TrackAnswer.self)
            Issue.record("a page was taken for an answer")
        } catch {
            #expect(error.failure.reason == .serviceError)
        }
    }

    @Test("A track is read, with numbers as texts and a tag by itself")
    func track() throws {
        let json = #"""
            {"track":{"name":"Believe","mbid":"32CA187E-EE25-4F18-B7D0-3B6713F24635","url":"https://www.last.fm/x",
            "duration":"240000","streamable":{"#text":"0","fulltrack":"0"},"listeners":"69572","playcount":"281445",
            "artist":{"name":"Cher","mbid":"bfcc6d75-a6a5-4bc6-8282-47aec8531818","url":"u"},
            "album":{"artist":"Cher","title":"Believe","mbid":"","url":"u","image":[
              {"#text":"https://i/34s/a.png","size":"small"},{"#text":"https://i/300x300/a.png","size":"extralarge"},
              {"#text":"","size":"mega"}],"@attr":{"position":"1"}},
            "toptags":{"tag":{"name":"pop","url":"u"}},
            "wiki":{"summary":"A &quot;hit&quot; &amp; more. <a href=\"https://www.last.fm\">Read more on Last.fm</a>."}}}
            """#
        let info = try LastFM.interpret(answer(json), as: LastFMAnswers.TrackAnswer.self).track
        #expect(!LastFM.isStub(info))
        let facts = LastFM.facts(info, similar: []).bounded()
        #expect(facts.name == "Believe" && facts.artist == "Cher")
        #expect(facts.musicBrainz.recording == "32ca187e-ee25-4f18-b7d0-3b6713f24635")
        #expect(facts.durationMs == 240_000 && facts.listeners == 69_572 && facts.plays == 281_445)
        #expect(facts.tags == [OutsideFacts.Tag("pop")])
        #expect(facts.summary == #"A "hit" & more."#)
        #expect(
            facts.images == [
                OutsideFacts.Image("https://i/300x300/a.png", width: 300),
                OutsideFacts.Image("https://i/34s/a.png", width: 34),
            ])
    }

    @Test("A track that nobody ever played is no track")
    func stub() throws {
        let json = #"""
            {"track":{"name":"Nothing","url":"u","duration":"0","listeners":"0","playcount":"0",
            "streamable":{"#text":"0","fulltrack":"0"},"artist":{"name":"Nobody","url":"u"},"toptags":{"tag":[]}}}
            """#
        #expect(LastFM.isStub(try LastFM.interpret(answer(json), as: LastFMAnswers.TrackAnswer.self).track))
    }

    @Test("An album without tags has an empty text for them, and the star is no picture")
    func album() throws {
        let json = #"""
            {"album":{"name":"Furrow Lines","artist":"Marled Field","url":"u","listeners":"7","playcount":"9","tags":"",
            "image":[{"#text":"https://i/300x300/2a96cbd8b46e442fc41c2b86b821562f.png","size":"mega"}],
            "tracks":{"track":{"name":"One","duration":null,"@attr":{"rank":1}}}}}
            """#
        let facts = LastFM.facts(try LastFM.interpret(answer(json), as: LastFMAnswers.AlbumAnswer.self).album)
        #expect(facts.artist == "Marled Field" && facts.listeners == 7)
        #expect(facts.tags.isEmpty && facts.images.isEmpty)
    }

    @Test("Similar tracks are ordered by match, which may be a text")
    func similar() throws {
        let json = #"""
            {"similartracks":{"track":[
              {"name":"B","match":"0.25","artist":{"name":"Y","url":"u"},"duration":200},
              {"name":"A","match":1.0,"playcount":12,"artist":{"name":"X","url":"u"}},{"no":"name"}],
              "@attr":{"artist":"Z"}}}
            """#
        let similar = try LastFM.interpret(answer(json), as: LastFMAnswers.SimilarTracks.self)
        let info = try LastFM.interpret(
            answer(#"{"artist":{"name":"Z","url":"u","tags":{"tag":[{"name":"folk"}]}}}"#),
            as: LastFMAnswers.ArtistAnswer.self)
        let items = similar.similartracks.value?.track?.items ?? []
        let facts = LastFM.facts(info.artist, tags: nil, similar: items)
        #expect(
            facts.similar == [
                OutsideFacts.Match("A", artist: "X", match: 1), OutsideFacts.Match("B", artist: "Y", match: 0.25),
            ])
        #expect(facts.tags == [OutsideFacts.Tag("folk")])
    }
}

@Suite struct LastFMScrobbleTests {
    private func verdicts(_ json: String, count: Int) throws -> [ListenVerdict] {
        let answer = ServiceAnswer(status: 200, body: Array(json.utf8))
        return LastFM.verdicts(try LastFM.interpret(answer, as: LastFMAnswers.Scrobbles.self), count: count)
    }

    @Test("The verdict on a single listen comes as an object")
    func single() throws {
        let json = #"""
            {"scrobbles":{"@attr":{"accepted":1,"ignored":0},"scrobble":{"artist":{"corrected":"0","#text":"A"},
            "ignoredMessage":{"code":"0","#text":""},"timestamp":"1287140447"}}}
            """#
        #expect(try verdicts(json, count: 1) == [.accepted])
    }

    @Test("Each ignored listen has its own reason, and a used-up day is waited for")
    func batch() throws {
        let messages = (0...5).map { ##"{"ignoredMessage":{"code":"\##($0)","#text":""}}"## }
        let json =
            #"{"scrobbles":{"@attr":{"accepted":1,"ignored":5},"scrobble":[\#(messages.joined(separator: ","))]}}"#
        let found = try verdicts(json, count: 6)
        #expect(found[0] == .accepted)
        for verdict in found[1...4] {
            guard case .ignored = verdict else { return #expect(Bool(false), "\(verdict)") }
        }
        guard case .retry(let failure) = found[5] else { return #expect(Bool(false), "\(found[5])") }
        #expect(failure.reason == .serviceUnavailable)
    }

    @Test(
        "An answer with too few verdicts leaves the listens to be sent again, unless its sum says that all were taken")
    func tooFew() throws {
        let some = #"{"scrobbles":{"@attr":{"accepted":1,"ignored":1},"scrobble":[]}}"#
        for verdict in try verdicts(some, count: 2) {
            guard case .retry = verdict else { return #expect(Bool(false), "\(verdict)") }
        }
        let all = #"{"scrobbles":{"@attr":{"accepted":2,"ignored":0},"scrobble":[]}}"#
        #expect(try verdicts(all, count: 2) == [.accepted, .accepted])
    }

    @Test("Durations travel in seconds, and what is not known does not travel")
    func fields() {
        var listen = Listen(artist: "A", title: "T", startedAt: 1)
        #expect(LastFM.fields(of: listen, suffix: "") == ["artist": "A", "track": "T"])
        (listen.durationMs, listen.trackNumber, listen.albumArtist, listen.album) = (240_999, 3, "A", "")
        let fields = LastFM.fields(of: listen, suffix: "[7]")
        #expect(fields == ["artist[7]": "A", "track[7]": "T", "duration[7]": "240", "trackNumber[7]": "3"])
    }
}
