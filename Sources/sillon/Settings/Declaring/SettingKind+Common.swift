import Foundation
import Integrations

extension SettingKind where Value == Int {
    static func wholeNumber(_ range: ClosedRange<Int>) -> SettingKind {
        let words = "\(range.lowerBound) to \(range.upperBound)"
        return SettingKind(SettingShape("whole number, \(words)", [.integer])) { text, _ throws(SettingRefusal) in
            guard let number = Int(text), range.contains(number) else {
                throw SettingRefusal("is \(words), not \"\(text)\"")
            }
            return number
        }
    }
}

extension SettingKind where Value == Double {
    static func number(_ range: ClosedRange<Double>) -> SettingKind {
        let words = "\(plain(range.lowerBound)) to \(plain(range.upperBound))"
        return SettingKind(SettingShape("number, \(words)", [.integer, .float]), show: { plain($0) }) {
            text, _ throws(SettingRefusal) in
            guard let number = Double(text), range.contains(number) else {
                throw SettingRefusal("is \(words), not \"\(text)\"")
            }
            return number
        }
    }

    private static func plain(_ number: Double) -> String {
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

extension SettingKind where Value == Bool {
    static let trueOrFalse = SettingKind(SettingShape("`true` or `false`", [.boolean])) {
        text, _ throws(SettingRefusal) in
        switch text {
        case "0", "false": false
        case "1", "true": true
        default: throw SettingRefusal("is true or false, not \"\(text)\"")
        }
    }
}

extension SettingKind where Value == String {
    static let path = SettingKind(SettingShape("path")) { text, place throws(SettingRefusal) in
        try place.absolute(text)
    }

    static let host = SettingKind(SettingShape("address or name")) { text, _ throws(SettingRefusal) in
        guard !text.isEmpty else { throw SettingRefusal("is empty") }
        return text
    }
}

extension SettingKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// In any case.
    static var choice: SettingKind {
        let names = Value.allCases.map(\.rawValue)
        let shape = SettingShape(names.map { "`\($0)`" }.joined(separator: ", "))
        return SettingKind(shape, show: { $0.rawValue }) { text, _ throws(SettingRefusal) in
            guard let value = Value(rawValue: text.lowercased()) else { throw .noChoice(of: names, text) }
            return value
        }
    }
}

extension SettingRefusal {
    static func noChoice(of names: [String], _ text: String) -> SettingRefusal {
        let words = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
        return SettingRefusal("is \(words), not \"\(text)\"")
    }
}

extension SettingKind where Value == ServiceAddress {
    static let service = SettingKind(SettingShape("address, `http` or `https`")) { text, _ throws(SettingRefusal) in
        do throws(ServiceAddress.Problem) {
            return try ServiceAddress(text)
        } catch {
            switch error {
            case .notAnAddress:
                throw SettingRefusal("is an address such as http://127.0.0.1:11434, not \"\(text)\"")
            case .holdsSecret: throw SettingRefusal("holds a name, a password or a query: it would end in logs")
            }
        }
    }
}

extension SettingKind where Value == Set<String> {
    private static var maxHosts: Int { 16 }

    /// `host:port`, several.
    static let hosts = SettingKind(
        SettingShape(list: "list of `host:port`, up to \(maxHosts)", separator: ","),
        show: { $0.isEmpty ? nil : $0.sorted().joined(separator: ",") },
        items: { items, _ throws(SettingRefusal) in
            let hosts = items.map { $0.lowercased() }.filter { !$0.isEmpty }
            for host in hosts {
                let parts = host.split(separator: ":", omittingEmptySubsequences: false)
                guard parts.count >= 2, !parts[0].isEmpty, let port = parts.last.flatMap({ Int($0) }),
                    (1...65535).contains(port)
                else {
                    throw SettingRefusal(
                        "is a list such as 127.0.0.1:8081,nas.home:80, not \"\(items.joined(separator: ","))\"")
                }
            }
            guard hosts.count <= maxHosts else { throw SettingRefusal("names more than \(maxHosts) hosts") }
            return Set(hosts)
        })
}
