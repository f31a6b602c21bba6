import Domain
import Foundation
import Testing

@testable import Integrations

/// Which releases are the album that is in the library: part of an album is, another volume is not.
@Suite struct AlbumTitleTests {
    @Test(
        "An edition of an album is that album",
        arguments: [
            ("Winter Wheat (Deluxe Edition)", "Winter Wheat"), ("Winter Wheat [2011 Remaster]", "Winter Wheat"),
            ("Winter Wheat (Disc 2)", "winter wheat"), ("Winter Wheat (2001)", "Winter Wheat"),
            ("Winter Wheat [24 Bit FLAC]", "Winter Wheat"), ("Live (at Leeds)", "Live at Leeds"),
            ("Winter Wheat (20th Anniversary Edition)", "Winter Wheat"), ("Hits, Volume II", "Hits Volume 2"),
            ("Greatest Hits, Vol. 2", "Greatest Hits Volume Two"), ("Collected Colours", "Collected Colors"),
            ("Winter Wheat (deluxe edition", "Winter Wheat"),
            ("The New Order", "NewOrder"), ("(Deluxe Edition)", "Deluxe Edition"),
        ])
    func same(left: String, right: String) {
        #expect(AlbumTitle(left).isSame(as: AlbumTitle(right)))
        #expect(AlbumTitle(right).isSame(as: AlbumTitle(left)))
    }

    @Test(
        "Another volume, colour or place is another album",
        arguments: [
            ("The Complete Recordings, Volume 1", "The Complete Recordings, Volume 2"),
            ("Greatest Hits", "Greatest Hits II"), ("Greatest Hits (Volume 2)", "Greatest Hits"),
            ("Furrow (Blue Album)", "Furrow (Green Album)"), ("Furrow (Blue Album)", "Furrow"),
            ("Live in Paris", "Live in Berlin"),
            ("The Complete Live Recordings: Paris", "The Complete Live Recordings: Rome"),
            ("Winter Wheat (Live)", "Winter Wheat"), ("1", "2"), ("", "Furrow"),
        ])
    func other(left: String, right: String) {
        #expect(!AlbumTitle(left).isSame(as: AlbumTitle(right)))
    }

    private func release(
        _ title: String, by artist: String? = "Marled Field", tracks: Int = 12, date: String = "2001"
    ) throws -> MusicBrainzAnswers.Release {
        let credit = artist.map { #","artist-credit":[{"name":"\#($0)"}]"# } ?? ""
        let json = #"{"id":"1","title":"\#(title)","track-count":\#(tracks),"date":"\#(date)"\#(credit)}"#
        return try JSONDecoder().decode(MusicBrainzAnswers.Release.self, from: Data(json.utf8))
    }

    private func fits(_ release: MusicBrainzAnswers.Release, _ album: AlbumQuestion) -> Bool {
        MusicBrainz.best([release]) { CandidateScore.of($0, for: album) } != nil
    }

    @Test("One track of twelve, of another year, finds its album; a whole one is better")
    func partial() throws {
        let one = AlbumQuestion(artist: "Marled Field", title: "Winter Wheat (Deluxe)", year: 1970, trackCount: 1)
        #expect(fits(try release("Winter Wheat"), one))
        let whole = AlbumQuestion(artist: "Marled Field", title: "Winter Wheat", year: 2001, trackCount: 12)
        let (all, more) = (try release("Winter Wheat"), try release("Winter Wheat", tracks: 30))
        #expect(CandidateScore.of(all, for: whole) > CandidateScore.of(more, for: whole))
        #expect(CandidateScore.of(all, for: whole) > CandidateScore.of(all, for: one))
    }

    @Test("Another artist, another volume, or nobody at all is no reason to show a cover")
    func contradiction() throws {
        let album = AlbumQuestion(artist: "Marled Field", title: "Winter Wheat", year: 2001, trackCount: 12)
        #expect(!fits(try release("Winter Wheat", by: "Kestrel Vane"), album))
        #expect(!fits(try release("Winter Wheat 2"), album))
        #expect(!fits(try release("Winter Wheat", by: nil), album))
        let nobodys = AlbumQuestion(artist: nil, title: "Greatest Hits", year: 2001, trackCount: 12)
        #expect(!fits(try release("Greatest Hits"), nobodys))
        #expect(!fits(try release("Greatest Hits", by: "Various Artists", tracks: 13), nobodys))
        #expect(fits(try release("Greatest Hits", by: "Various Artists"), nobodys))
    }
}
