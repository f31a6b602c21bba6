/// Names that break software which takes a name for text, for a command, for a pattern or for a URL.
enum HostileNames {
    /// Without extension, as bytes.
    static let stems: [[UInt8]] = texts.map { Array($0.utf8) } + raw

    private static let texts = [
        "new\nline", "carriage\rreturn", "tab\there", "escape\u{1B}[2Jsequence", "bell\u{7}", "delete\u{7F}",
        "caf\u{E9}", "cafe\u{301}", "\u{212B}ngstrom", "\u{C5}ngstrom", "A\u{30A}ngstrom", "stra\u{DF}e", "STRASSE",
        "-rf", "--help", "-", "--", " leading space", "trailing space ", "two  spaces", " ",
        "single'quote", "double\"quote", "back`tick", "$(touch owned)", "$HOME", "; rm -r x", "a|b", "a&b", "a>b",
        "*", "?", "[abc]", "{a,b}", "~", "#hash", "back\\slash", "colon:", "percent%00", "%2e%2e%2f", "%s%n%d",
        "bytes:ff00", "file:x", "http:x", "concat:x", "data:,x", "pipe:0", "subfile,,start,0,end,9,,:x", "..dots",
        "🎵🧑‍🎤", "\u{202E}3pm.gnp", "zero\u{200B}width", "\u{FEFF}bom", "日本語の名前", "שלום", "ﷺ", "\u{FFFD}",
        "<script>alert(1)<", "' OR 1=1 --", "\u{1F1E9}\u{1F1EA}", "CON", "nul",
    ]

    private static let raw: [[UInt8]] = [
        [0xFF, 0xFE], [0x80], [0x63, 0x61, 0x66, 0xE9], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
        [0xE2, 0x82], Array(1...31).filter { $0 != 47 }, [UInt8](repeating: 0x78, count: 251),
        [UInt8](repeating: 0xE9, count: 251),
    ]
}
