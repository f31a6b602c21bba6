import Contracts
import Domain
import TestSupport
import Testing

@testable import API

struct JSONReaderTests {
    private static func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

    @Test(
        "JSON is read as it is meant",
        arguments: [
            ("null", nil), (" [ ] ", []), ("{\"\":{}}", ["": [:]]),
            ("[1,-0,1.0,1e2,1.5,-2E-1]", [1, 0, 1, 100, 1.5, -0.2]),
            ("9223372036854775807", 9_223_372_036_854_775_807), ("-9223372036854775808", -9_223_372_036_854_775_808),
            ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83c\\udfb5\"", "\"\\/\u{8}\u{C}\n\r\té🎵"),
            ("\r\n\t{\"a\" : true , \"b\":[false]}", ["a": true, "b": [false]]), ("\"\u{7F}é🎵\"", "\u{7F}é🎵"),
        ] as [(String, JSONValue)])
    func good(text: String, value: JSONValue) throws {
        #expect(try Self.read(text) == value)
    }

    @Test(
        "What is not JSON is refused",
        arguments: [
            "", " ", "nul", "nulL", "True", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "[",
            "{", "\"",
            "\"\\", "\"\\u12\"", "\"\\u12g4\"", "\"\\u+123\"", "\"\\x\"", "\"\n\"", "01", "-", "+1", "1.", ".5", "1e",
            "1e+",
            "0x10", "NaN", "Infinity", "1e999", "-1e999", "[1]]", "1 1", "'a'", "\u{FEFF}1", "\"\\ud800\"",
            "\"\\udc00\"",
            "\"\\ud800\\u0041\"", "//", "[1]//", "1\u{0}",
        ])
    func bad(text: String) {
        #expect(throws: JSONReader.Fault.syntax) { try Self.read(text) }
    }

    @Test(
        "Broken UTF-8 is refused",
        arguments: [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]])
    func brokenText(bytes: [UInt8]) {
        #expect(throws: JSONReader.Fault.syntax) { try JSONReader.read([0x22] + bytes + [0x22]) }
    }

    @Test("Depth is bounded; brackets in strings do not count")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try Self.read(nested(JSONReader.maxDepth))
        #expect(throws: JSONReader.Fault.tooDeep) { try Self.read(nested(JSONReader.maxDepth + 1)) }
        #expect(throws: JSONReader.Fault.tooDeep) { try Self.read(String(repeating: "{\"a\":", count: 100_000)) }
        _ = try Self.read("[\"\(String(repeating: "[", count: 1000))\",\"\\\"[[\"]")
        _ = try Self.read("[" + Array(repeating: "[]", count: 1000).joined(separator: ",") + "]")
    }

    @Test("A NUL and a member that is given twice are refused, however they are written")
    func ambiguous() throws {
        #expect(throws: JSONReader.Fault.nulCharacter) { try Self.read(#"["\u0000"]"#) }
        #expect(throws: JSONReader.Fault.nulCharacter) { try Self.read(#"{"a\u0000b":1}"#) }
        #expect(try Self.read(#""\\u0000""#) == "\\u0000")
        #expect(throws: JSONReader.Fault.repeatedMember) { try Self.read(#"{"a":1,"b":2,"\u0061":3}"#) }
    }

    @Test("Any text at all is read or refused, never trapped on")
    func noise() throws {
        var generator = SplitMix64(seed: 7)
        let alphabet = Array("[]{}\",:\\u0123dDe.+-tfn \u{0}é".utf8)
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            guard let value = try? JSONReader.read(bytes) else { continue }  // noise may be refused
            #expect(try JSONReader.read(Shape<JSONValue>.any.json(value)) == value)
        }
    }
}
