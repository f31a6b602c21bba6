import Domain

/// Smaller drawings of covers, as long as there is room. Losing one costs drawing it again.
package protocol VariantCache: Sendable {
    func variant(of hash: String, size: CoverSize) async -> [UInt8]?
    func keep(_ bytes: [UInt8], of hash: String, size: CoverSize) async
}
