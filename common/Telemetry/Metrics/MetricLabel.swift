/// A label of a metric, or several that go together: a closed set, never input.
package protocol MetricLabel: Sendable {
    static var names: [String] { get }
    /// All that there can be; nil where only their number is known.
    static var all: [[String]]? { get }
    /// Different ones at most.
    static var countMax: Int { get }
    /// In the order of `names`.
    var values: [String] { get }
}

/// A label whose values are the cases of an enum.
package protocol EnumLabel: MetricLabel, CaseIterable, RawRepresentable where RawValue == String {}

extension EnumLabel {
    package static var all: [[String]]? { allCases.map(\.values) }
    package static var countMax: Int { allCases.count }
    package var values: [String] { [rawValue] }
}
