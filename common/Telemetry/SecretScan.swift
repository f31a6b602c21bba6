/// Finds in a text what looks like a key, a password, a cookie: by the name before it, by its scheme, by its beginning, by
/// its place in an address.
///
/// One pass, by hand: texts come from others, and an expression that goes back and forth could be kept busy by them. What
/// is looked at behind the current place is limited, and what is looked at before it is passed over afterwards.
struct SecretScan {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var found: [Range<Int>] = []
    /// Until here, there is no `@` before the next white space.
    private var noUserBefore = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// In order, and none within another.
    mutating func ranges() -> [Range<Int>] {
        var place = 0
        while place < bytes.count {
            let secret: Range<Int>? =
                switch bytes[place] {
                case UInt8(ascii: ":"): userInfo(at: place) ?? named(at: place)
                case UInt8(ascii: "="): named(at: place)
                case UInt8(ascii: " "): schemed(at: place)
                case UInt8(ascii: "s"), UInt8(ascii: "w"): token(at: place)
                default: nil
                }
            guard let secret, !secret.isEmpty else {
                place += 1
                continue
            }
            found.append(secret)
            place = secret.upperBound
        }
        return found
    }

    private func byte(_ place: Int) -> UInt8? { bytes.indices.contains(place) ? bytes[place] : nil }

    /// The first place from `start` on that is none of these.
    private func end(_ start: Int, while goesOn: (UInt8) -> Bool) -> Int {
        var end = start
        while end < bytes.count, goesOn(bytes[end]) { end += 1 }
        return end
    }

    private func has(_ text: StaticString, at place: Int) -> Bool {
        guard place >= 0, place + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { text in text.indices.allSatisfy { text[$0] == bytes[place + $0] } }
    }

    // MARK: Names

    /// What stands behind `password=`, `"api_key": "`, `Cookie: `.
    private func named(at separator: Int) -> Range<Int>? {
        let (name, isQuoted) = nameBefore(separator)
        guard let kind = SecretName(name) else { return nil }
        let isAssigned = bytes[separator] == UInt8(ascii: "=")
        let start = end(separator + 1) { $0 == UInt8(ascii: " ") }
        guard start < bytes.count else { return nil }
        switch kind {
        case .cookie: return cookie(at: start)
        case .authorization: return authorization(at: start)
        case .sure, .likely, .perhaps:
            if let quoted = quotedValue(at: start) {
                return kind != .perhaps || isAssigned || looksRandom(quoted) ? quoted : nil
            }
            if isAssigned || kind == .sure || isQuoted && kind == .likely { return plainValue(at: start) }
            let word = start..<end(start, while: Self.isInToken)
            return looksRandom(word) ? word : nil
        }
    }

    /// Pairs of names and values, to the end of the line; a sentence about cookies has none.
    private func cookie(at start: Int) -> Range<Int>? {
        let isQuoted = byte(start).map(Self.isQuote) == true
        let name = start + (isQuoted ? 1 : 0)
        let equals = end(name) { Self.isInToken($0) && $0 != UInt8(ascii: "=") }
        guard equals > name, byte(equals) == UInt8(ascii: "=") else { return nil }
        return quotedValue(at: start) ?? start..<end(start) { !Self.endsLine($0) }
    }

    /// What stands behind the scheme, or all of it where there is none.
    private func authorization(at place: Int) -> Range<Int>? {
        let start = byte(place).map(Self.isQuote) == true ? place + 1 : place
        let word = start..<end(start) { $0 > 0x20 && !Self.isQuote($0) }
        guard byte(word.upperBound) == UInt8(ascii: " ") else { return word }
        if ["bearer", "basic", "token"].contains(lower(word)) { return nil }  // left to `schemed`
        let rest = word.upperBound + 1
        return rest..<end(rest) { $0 != 0x0A && $0 != 0x0D }
    }

    /// The name, and whether it stands in quotes, as in JSON.
    private func nameBefore(_ separator: Int) -> (name: String, isQuoted: Bool) {
        var last = separator - 1
        if byte(last) == UInt8(ascii: " ") { last -= 1 }
        // `API key provided: …` is how one service puts it.
        let filler: StaticString = " provided"
        if has(filler, at: last - filler.utf8CodeUnitCount + 1) { last -= filler.utf8CodeUnitCount }
        var isQuoted = false
        if let quote = byte(last), Self.isQuote(quote) {
            isQuoted = true
            last -= byte(last - 1) == UInt8(ascii: "\\") ? 2 : 1
        }
        var first = last + 1
        while first > 0, last - first < SecretName.bytesMax, Self.isInName(bytes[first - 1]) { first -= 1 }
        guard first <= last else { return ("", false) }
        var name = lower(first..<last + 1)
        if name == "key", first >= 4, lower(first - 4..<first) == "api " { name = SecretName.spacedKey }
        return (name, isQuoted)
    }

    /// Between quotes, which may be escaped themselves; without its end, all the rest.
    private func quotedValue(at start: Int) -> Range<Int>? {
        let isEscaped = byte(start) == UInt8(ascii: "\\")
        let open = isEscaped ? start + 1 : start
        guard let quote = byte(open), Self.isQuote(quote) else { return nil }
        var place = open + 1
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "\\") {
                if isEscaped, byte(place + 1) == quote { break }
                place += 2
                continue
            }
            if bytes[place] == quote { break }
            place += 1
        }
        return open + 1..<min(place, bytes.count)
    }

    private func plainValue(at start: Int) -> Range<Int> {
        let stop = end(start) { byte in
            byte > 0x20 && byte != UInt8(ascii: "&") && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
                && !Self.isQuote(byte)
        }
        // `Optional("…")`
        if byte(stop - 1) == UInt8(ascii: "("), stop > start, let quoted = quotedValue(at: stop) {
            return start..<quoted.upperBound
        }
        // The sentence goes on.
        let trimmed = [UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: ";")].contains(byte(stop - 1))
        return start..<(trimmed && stop - 1 > start ? stop - 1 : stop)
    }

    // MARK: Schemes and beginnings

    /// What stands behind `Bearer `, `Basic ` and `Token `.
    private func schemed(at space: Int) -> Range<Int>? {
        guard space >= 5 else { return nil }
        let isBearer = space >= 6 && lower(space - 6..<space) == "bearer"
        guard isBearer || ["basic", "token"].contains(lower(space - 5..<space)) else { return nil }
        let start = end(space) { $0 == UInt8(ascii: " ") }
        let word = start..<end(start, while: Self.isInToken)
        guard word.count >= Self.wordMin else { return nil }
        // `basic authentication`, `token expired`: words, of one case.
        let isWord = word.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[$0]) }
        let isOrdinary = isBearer ? ["authentication", "authorization"].contains(lower(word)) : isWord
        return isOrdinary ? nil : word
    }

    /// Our own tokens and webhook keys, and those of services that have one beginning for all.
    private func token(at start: Int) -> Range<Int>? {
        let prefix: StaticString? =
            if has("sillon_", at: start) { "sillon_" } else if has("whsec_", at: start) {
                "whsec_"
            } else if has(
                "sk-", at: start), start == 0 || !Self.isInName(bytes[start - 1])
            { "sk-" } else { nil }
        guard let prefix else { return nil }
        let body = start + prefix.utf8CodeUnitCount..<end(start, while: Self.isInToken)
        guard body.count >= Self.tokenMin, prefix.utf8CodeUnitCount > 3 || looksRandom(body) else { return nil }
        return start..<body.upperBound
    }

    // MARK: Addresses

    /// The password in `scheme://name:password@host`, and the whole of `scheme://token@host`.
    private mutating func userInfo(at colon: Int) -> Range<Int>? {
        guard has("://", at: colon) else { return nil }
        let start = colon + 3
        let authority = start..<end(start) { !Self.endsAuthority($0) }
        var at = authority.last { bytes[$0] == UInt8(ascii: "@") }
        let name = start..<(authority.first { bytes[$0] == UInt8(ascii: ":") } ?? authority.upperBound)
        let port = min(name.upperBound + 1, authority.upperBound)..<authority.upperBound
        // A password with a `/` in it has no place in an address, and is seen in addresses all the same.
        if at == nil, !port.isEmpty, byte(start) != UInt8(ascii: "["), authority.upperBound >= noUserBefore,
            !port.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0]) })
        {
            let word = authority.upperBound..<end(authority.upperBound) { $0 > 0x20 && !Self.isQuote($0) }
            at = word.last { bytes[$0] == UInt8(ascii: "@") }
            if at == nil { noUserBefore = word.upperBound }
        }
        guard let at else { return nil }
        return (name.upperBound < at ? name.upperBound + 1 : start)..<at
    }

    // MARK: Characters

    private static let wordMin = 8
    private static let tokenMin = 16
    /// A word that is longer than any that stands in a sentence.
    private static let longWord = 20

    /// A key rather than a word of a sentence.
    private func looksRandom(_ value: Range<Int>) -> Bool {
        guard value.count >= Self.wordMin, value.allSatisfy({ Self.isInToken(bytes[$0]) }) else { return false }
        return value.count >= Self.longWord
            || value.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0]) }
    }

    private func lower(_ range: Range<Int>) -> String {
        String(decoding: range.map { bytes[$0] | ((0x41...0x5A).contains(bytes[$0]) ? 0x20 : 0) }, as: UTF8.self)
    }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isInName(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    /// RFC 6750's characters of a bearer token.
    private static func isInToken(_ byte: UInt8) -> Bool {
        isInName(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "~") || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=")
    }

    private static func endsLine(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D || isQuote(byte) }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        byte <= 0x20 || isQuote(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?")
            || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
    }
}
