import Domain
import Foundation
import Testing
import UseCases

@testable import Integrations

@Suite struct OfferRankingTests {
    private static let question = DownloadQuestion(
        artist: "Marled Field", title: "First Light on Stubble", album: "Furrow Lines", durationMs: 200_000)
    private static let folder = #"@@abc\Music\Marled Field\Furrow Lines (1998)\"#

    private func offer(
        _ name: String = "01 First Light on Stubble.flac", folder: String = folder, size: Int64 = 25_000_000,
        bitrate: Int? = nil, duration: Int? = 200_000, free: Bool = true, queue: Int = 0, speed: Int = 1_000_000
    ) -> DownloadOffer {
        DownloadOffer(
            peer: "p", fileName: folder + name, sizeBytes: size, bitrateKbps: bitrate, durationMs: duration,
            hasFreeSlot: free, queueLength: queue, uploadSpeed: speed)
    }

    private func score(_ offer: DownloadOffer) -> Double {
        OfferRanking.score(offer, for: Self.question) ?? 0
    }

    @Test("Of two files the one without loss, the closer one, the one that comes sooner is better")
    func order() {
        let best = score(offer())
        #expect(best > 0.9 && best <= 1)
        let mp3 = "01 First Light on Stubble.mp3"
        #expect(best > score(offer(mp3, bitrate: 320)))
        #expect(score(offer(mp3, bitrate: 320)) > score(offer(mp3, bitrate: 128)))
        #expect(best > score(offer(duration: 207_000)))
        #expect(best > score(offer(free: false)))
        #expect(best > score(offer(queue: 40)))
        #expect(best > score(offer(speed: 10_000)))
        #expect(best > score(offer("01 First Light on Stubble (live).flac")))
        #expect(best > score(offer(folder: #"@@abc\stuff\"#)))
    }

    @Test("Something else is no offer: another title, another length, a picture, a file of no size")
    func refused() {
        for other in [
            offer("02 Windrow.flac"), offer(duration: 300_000), offer("First Light on Stubble.jpg"), offer(size: 10),
            offer("First Light on Stubble"),
        ] {
            #expect(OfferRanking.score(other, for: Self.question) == nil)
        }
    }

    @Test("A list is ordered by score; equals stay in their order, and its length has a limit")
    func list() {
        let many = (0..<500).map { offer(size: 25_000_000 + Int64($0)) }
        let ranked = OfferRanking.ranked([offer(free: false)] + many, for: Self.question)
        #expect(ranked.count == OfferRanking.offersMax)
        #expect(ranked.map(\.sizeBytes) == (0..<100).map { 25_000_000 + Int64($0) })
    }
}

@Suite struct SlskdAnswerTests {
    @Test(
        "A state is flags",
        arguments: [
            ("Requested", DownloadProgress.State.waiting), ("Queued, Remotely", .waiting), ("Initializing", .waiting),
            ("InProgress", .running), ("Completed, Succeeded", .done), ("Completed, Cancelled", .cancelled),
            ("Completed, Rejected", .rejected("why")), ("Completed, TimedOut", .failed("why")),
            ("Completed, Errored", .failed("why")), ("Completed, Aborted", .failed("why")), ("", .waiting),
        ])
    func states(text: String, state: DownloadProgress.State) {
        #expect(TransferState.of(text, problem: "why") == state)
    }

    @Test("Where a file lies is in the event of its own transfer")
    func event() throws {
        let ticket = DownloadTicket(peer: "p", id: "t1", fileName: "x")
        let data = #"{"version":0,"localFilename":"/downloads/a b.flac","remoteFilename":"x","transfer":{"id":"t1"}}"#
        let event = SlskdAnswers.Event(type: "DownloadFileComplete", data: data)
        #expect(Slskd.path(in: event, for: ticket) == FilePath("/downloads/a b.flac"))
        let other = DownloadTicket(peer: "p", id: "t2", fileName: "x")
        #expect(Slskd.path(in: event, for: other) == nil)
        for event in [
            SlskdAnswers.Event(type: "Noop", data: data), SlskdAnswers.Event(type: "DownloadFileComplete", data: "{"),
            SlskdAnswers.Event(
                type: "DownloadFileComplete", data: data.replacing("/downloads", with: "downloads")),
        ] {
            #expect(Slskd.path(in: event, for: ticket) == nil)
        }
    }

    @Test("A search is words, since Soulseek takes other characters for commands")
    func searchText() {
        let question = DownloadQuestion(artist: "AC/DC", title: "It's -Hot* (Live)")
        #expect(Slskd.searchText(question) == "AC DC It's Hot Live")
    }

    @Test("Locked files and files of no size are no offers")
    func offers() throws {
        let json = #"""
            {"username":"u","hasFreeUploadSlot":true,"queueLength":2,"uploadSpeed":5000,"files":[
             {"filename":"a\\b.flac","size":123456,"bitDepth":16,"sampleRate":44100,"length":200,"isLocked":false},
             {"filename":"a\\c.flac","size":123456,"isLocked":true},{"filename":"a\\d.flac","size":0}]}
            """#
        let response = try JSONDecoder().decode(SlskdAnswers.Response.self, from: Data(json.utf8))
        let offers = Slskd.offers(response)
        #expect(offers.map(\.fileName) == [#"a\b.flac"#])
        #expect(offers.first?.durationMs == 200_000 && offers.first?.queueLength == 2)
    }
}
