import Contracts
import Testing

@testable import sillon

@Suite struct DuplicateViewsTests {
    private static func page(_ waiting: Int, cursor: String) throws -> DuplicatePageView {
        func item(_ id: Int, _ best: Bool, _ quality: String, _ why: String, _ file: String) -> String {
            #"{"best": \#(best), "quality": "\#(quality)", \#(why), "track": {"id": \#(id), "path": "/m/\#(id)", "#
                + #""state": "present", "title": "T\#(id)", "artist": "", \#(file)}}"#
        }
        let items = [
            item(1, true, "lossless", #""evidence": null"#, #""codec": "flac", "bits_per_sample": 16"#),
            item(
                2, false, "lossy", #""evidence": "same_fingerprint", "score": 0.958, "bit_error_rate": 0.021"#,
                #""codec": "mp3", "bitrate_kbps": 128"#),
            item(3, false, "lossy", #""evidence": "probable", "score": 0.9912"#, #""codec": "opus""#),
            item(
                4, false, "suspect", #""evidence": "same_content", "score": 1"#,
                #""codec": "wav", "bits_per_sample": 24"#),
            item(5, false, "lossless", #""evidence": null"#, #""codec": "alac""#),
        ]
        let group = #"{"id": "k", "items": [\#(items.joined(separator: ","))]}"#
        let text =
            #"{"items": [\#(group), \#(group)], "next_cursor": \#(cursor), "compared": 1234, "#
            + #""without_fingerprint": \#(waiting * 2), "waiting": \#(waiting)}"#
        return try ContractJSON.decode(DuplicatePageView.self, from: text)
    }

    @Test("Each file says its format, and what it is to the one that is best kept")
    func table() throws {
        let page = try Self.page(0, cursor: "null")
        #expect(page.remarks == [])
        let lines = DuplicateTable.table(page.items).lines(width: nil)
        #expect(lines.count == 1 + 5 + 1 + 5 && lines[6] == "", "an empty line between two groups")
        let items = page.items[0].items
        #expect(items.map(\.format) == ["flac 16 bit", "mp3 128 kbit/s", "opus", "wav 24 bit?", "alac"])
        let why: [String?] = [
            "keep", "same fingerprint, 2.1 % of bits differ", "probable, 0.991", "same content", nil,
        ]
        #expect(items.map(\.why) == why)
    }

    @Test("A part of a cut file is shown as such: to delete the file would be to delete its other parts, too")
    func parts() throws {
        func item(_ id: Int, _ best: Bool, _ path: String, _ segment: String) -> String {
            #"{"best": \#(best), "quality": "lossless", "evidence": \#(best ? "null" : "\"same_content\""), "#
                + #""track": {"id": \#(id), "path": "\#(path)", "segment": \#(segment), "state": "present", "#
                + #""title": "Furrow", "artist": "Marled Field", "codec": "flac", "bits_per_sample": 16}}"#
        }
        let cut = #"{"number": 3, "begin_ms": 481000, "end_ms": null}"#
        let text =
            #"{"items": [\#(item(1, true, "/m/03 Furrow.flac", "null")), "#
            + #"\#(item(2, false, "/m/Album.flac", cut))]}"#
        let group = try ContractJSON.decode(DuplicateGroupView.self, from: text)
        let lines = DuplicateTable.table([group]).lines(width: nil)
        #expect(lines.count == 3 && lines[0].hasPrefix("WHY"), "\(lines)")
        #expect(lines[1].hasSuffix("/m/03 Furrow.flac") && lines[1].hasPrefix("keep"))
        #expect(lines[2].hasSuffix("/m/Album.flac (part 3)") && lines[2].hasPrefix("same content"))
    }

    @Test("What the list does not tell is said: more pages, work to do, fingerprints that could be had")
    func remarks() throws {
        let remarks = try Self.page(7, cursor: #""abc""#).remarks
        #expect(remarks.count == 3 && remarks[0].contains("--cursor abc") && remarks[1].hasPrefix("7 changes"))
        #expect(remarks[2].hasPrefix("14 of 1,234") && remarks[2].contains("SILLON_FINGERPRINT=true"))
    }
}
