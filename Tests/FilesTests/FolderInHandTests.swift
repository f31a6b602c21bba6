import Domain
import Foundation
import Testing

@testable import Files

@Suite struct FolderInHandTests {
    @Test("By way of the folder in hand, every path opens or fails as it does without", arguments: [true, false])
    func agrees(usesOpenat2: Bool) throws {
        let opener = BeneathOpener(usesOpenat2: usesOpenat2)
        let scratch = try ScratchFolder()
        try scratch.folder("music/sub")
        try scratch.folder("elsewhere")
        for name in ["music/1.mp3", "music/2.mp3", "music/sub/3.mp3", "elsewhere/4.mp3"] { try scratch.file(name) }
        try scratch.link("music/link.mp3", to: "1.mp3")
        try scratch.link("music/out", to: "../elsewhere")
        let music = scratch("music")
        let paths = [
            "music/1.mp3", "music/2.mp3", "music/link.mp3", "music/gone.mp3", "music/sub", "music/1.mp3",
            "music/sub/3.mp3", "music/out/4.mp3", "elsewhere/4.mp3", "music/../elsewhere/4.mp3", "music/.", "music",
            "music/sub/../1.mp3", "music/1.mp3/x", "music/2.mp3",
        ].map { scratch($0) }
        var way = FolderInHand()
        for path in paths {
            let expected = failure { () throws(Failure) in _ = try opener.open(path, beneath: music) }
            let actual = failure { () throws(Failure) in _ = try opener.open(path, beneath: music, by: &way) }
            #expect(actual == expected, "\(path.display)")
        }
    }

    @Test("A folder in hand serves one root only, and none once it is dropped")
    func places() throws {
        let scratch = try ScratchFolder()
        try scratch.folder("music")
        try scratch.file("music/1.mp3")
        let music = scratch("music")
        var way = FolderInHand()
        _ = try BeneathOpener().open(scratch("music/1.mp3"), beneath: music, by: &way)
        let (inHand, ofOtherRoot) = (
            way.number(of: music, beneath: music), way.number(of: music, beneath: scratch.path)
        )
        #expect(inHand != nil)
        #expect(ofOtherRoot == nil)
        way.drop()
        let dropped = way.number(of: music, beneath: music)
        #expect(dropped == nil)
    }

    private func failure(_ body: () throws(Failure) -> Void) -> Failure? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }
}
