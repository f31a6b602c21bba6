import Domain
import Testing

struct LibraryNameTests {
    private func name(
        _ values: [LibraryName.Field: String], _ template: String = LibraryName.defaultTemplate
    ) throws -> String {
        try #require(LibraryName(template: template)).components(values).joined(separator: "/")
    }

    @Test("Folders and file are made of the tags")
    func plain() throws {
        let values: [LibraryName.Field: String] = [
            .albumartist: "Marled Field", .album: "Furrow Lines", .track: "01", .title: "First Light", .ext: "flac",
        ]
        #expect(try name(values) == "Marled Field/Furrow Lines/01 First Light.flac")
        #expect(try name([.title: "First Light", .ext: "mp3"]) == "Unknown/Unknown/First Light.mp3")
    }

    @Test("No tag leads to another folder, hides a file or makes a name that a disk refuses")
    func hostile() throws {
        let values: [LibraryName.Field: String] = [
            .albumartist: "../../etc", .album: "..", .track: "", .title: "a/b\\c\u{0}:*?\"<>|\n. ", .ext: "flac",
        ]
        #expect(try name(values) == "_.._etc/Unknown/a_b_c_________.flac")
        let hidden = try name([.albumartist: ".hidden", .album: " . ", .title: "...", .ext: "flac"])
        #expect(hidden == "hidden/Unknown/Unknown.flac")
        let long = try name([.title: String(repeating: "é", count: 500), .ext: "flac"])
        #expect(long.split(separator: "/").allSatisfy { $0.utf8.count <= LibraryName.maxPartBytes })
        #expect(long.hasSuffix("é.flac"))
    }

    @Test("A template needs known fields, whole parts, and a title with its ending")
    func templates() {
        #expect(LibraryName(template: "{artist} - {title}.{ext}") != nil)
        for bad in [
            "", "/{title}.{ext}", "{album}//{title}.{ext}", "{nobody}/{title}.{ext}", "{title}", "{title.{ext}",
        ] {
            #expect(LibraryName(template: bad) == nil, "\(bad)")
        }
    }
}
