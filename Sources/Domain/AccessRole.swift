/// What the bearer of a token may do; each role may do all that the one before it may, except `worker`.
package enum AccessRole: String, Codable, CaseIterable, Sendable {
    /// Read the library, start scans of known roots.
    case user
    /// Lease and settle tasks. Nothing else.
    case worker
    /// Everything.
    case admin
}
