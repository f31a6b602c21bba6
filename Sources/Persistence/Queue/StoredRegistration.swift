import Contracts
import Domain
import UseCases

extension WorkerRegistration {
    /// A registration as the database keeps it, written by this build or by another one. What cannot be read is left
    /// out, so that one strange worker hides no other.
    init(stored json: String, id: Int64) {
        // Of text that is no JSON, nothing is known but the number of its worker.
        let fields = try? ContractJSON.decode(JSONValue.self, from: json)  // said above
        self.init(
            id: id, host: fields?["host"]?.text ?? Self.unknown,
            processID: fields?["processID"]?.number.flatMap { Int32(exactly: $0) } ?? 0,
            roles: fields?["roles"]?.items.compactMap { $0.text.flatMap(Role.init) } ?? [],
            kinds: fields?["kinds"]?.numbers() ?? [:], slots: fields?["slots"]?.numbers() ?? [:],
            version: fields?["version"]?.text ?? Self.unknown, hold: fields?["hold"]?.hold)
    }

    private static let unknown = "unknown"
}

extension JSONValue {
    fileprivate var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    fileprivate var number: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    fileprivate var hold: WorkHold? {
        guard let slots = self["slots"]?.number.flatMap({ Int(exactly: $0) }) else { return nil }
        return WorkHold(
            slots: slots, causes: self["causes"]?.items.compactMap { $0.text.flatMap(HoldCause.init) } ?? [])
    }

    fileprivate var items: [JSONValue] {
        if case .array(let items) = self { items } else { [] }
    }

    /// A dictionary as Swift encodes one whose keys are no strings: key, number, key, number …
    fileprivate func numbers<Key: Hashable & RawRepresentable>() -> [Key: Int] where Key.RawValue == String {
        let items = items
        var numbers: [Key: Int] = [:]
        for index in stride(from: 0, to: items.count - 1, by: 2) {
            guard let key = items[index].text.flatMap(Key.init), let number = items[index + 1].number else { continue }
            numbers[key] = Int(exactly: number)
        }
        return numbers
    }
}
