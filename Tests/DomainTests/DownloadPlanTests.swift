import Domain
import Testing

struct DownloadPlanTests {
    private func offer(_ peer: String, _ name: String) -> DownloadOffer {
        DownloadOffer(peer: peer, fileName: name, sizeBytes: 1)
    }

    @Test("Those without loss come first when they are preferred, each kind in its order")
    func preference() {
        let found = [offer("a", "x.mp3"), offer("b", "x.FLAC"), offer("c", "x.ogg"), offer("d", "y\\x.wav")]
        var plan = DownloadPlan()
        plan.take(found, preferring: .lossless)
        #expect(plan.offers?.map(\.peer) == ["b", "d", "a", "c"])
        plan.take(found, preferring: .any)
        #expect(plan.offers?.map(\.peer) == ["a", "b", "c", "d"])
    }

    @Test("An offer that is given up takes its ticket and its place along, and its reason stays")
    func giveUp() {
        var plan = DownloadPlan()
        plan.take([offer("a", "x.mp3"), offer("b", "x.mp3")], preferring: .any)
        plan.ticket = DownloadTicket(peer: "a", id: "1", fileName: "x.mp3")
        plan.target = FilePath("/music/x.mp3")
        plan.giveUp(because: "a: no")
        #expect(plan.current?.peer == "b" && plan.ticket == nil && plan.target == nil && !plan.hasAlternative)
        plan.giveUp(because: "b: no")
        #expect(plan.current == nil && plan.problems == ["a: no", "b: no"])
        plan.giveUp(because: "nobody")
        plan.startOver()
        #expect(plan.offers == nil && plan.problems.count == 3)
    }

    @Test("A file that is called otherwise than music is no offer")
    func endings() {
        #expect(offer("a", "@@x\\Music\\song.Mp3").ending == "mp3")
        #expect(offer("a", "song.exe").ending == nil && offer("a", "flac").ending == nil)
        #expect(offer("a", "@@x\\Music/b\\c.flac").nameParts == ["@@x", "Music", "b", "c.flac"])
    }
}
