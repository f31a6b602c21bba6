/// Values that many rows share, each kept once and known by a small number as long as somebody uses it.
struct Interned<Value: Hashable & Sendable>: Sendable {
    private var numbers: [Value: Int32] = [:]
    /// Nil: the number is free.
    private(set) var values: [Value?] = []
    private var uses: [Int32] = []
    private var free: [Int32] = []

    /// The number of the value, which is used once more.
    mutating func take(_ value: Value) -> Int32 {
        if let number = numbers[value] {
            uses[Int(number)] += 1
            return number
        }
        let number = free.popLast() ?? newNumber()
        numbers[value] = number
        values[Int(number)] = value
        uses[Int(number)] = 1
        return number
    }

    mutating func release(_ number: Int32) {
        let index = Int(number)
        uses[index] -= 1
        guard uses[index] == 0, let value = values[index] else { return }
        numbers[value] = nil
        values[index] = nil
        free.append(number)
    }

    /// Nil only for a number that nobody took.
    subscript(number: Int32) -> Value? { values[Int(number)] }

    /// By number: which values fit. Asking once per value makes asking once per row a look into an array.
    func map(_ fits: (Value) -> Bool) -> [Bool] {
        values.map { $0.map(fits) ?? false }
    }

    private mutating func newNumber() -> Int32 {
        values.append(nil)
        uses.append(0)
        return Int32(clamping: values.count - 1)
    }
}
