/// Somebody's account at a service outside, and what opens it.
package struct ServiceAccount: Hashable, Sendable {
    /// As the service calls its owner.
    package let name: String
    package let secret: HiddenText
    /// What a new `secret` is had for, where the service wants that now and then.
    package let renewal: HiddenText?
    /// Seconds since the epoch; nil when it does not end.
    package let endsAt: Int64?

    package init(name: String, secret: HiddenText, renewal: HiddenText? = nil, endsAt: Int64? = nil) {
        self.name = name
        self.secret = secret
        self.renewal = renewal
        self.endsAt = endsAt
    }

    /// What can be renewed is renewed so long before it ends, in seconds.
    private static let renewalMarginSeconds: Int64 = 1800

    /// Whether it is time to renew what opens it.
    /// - Parameter now: seconds since the epoch.
    package func isDue(now: Int64) -> Bool {
        guard let endsAt, renewal != nil else { return false }
        return endsAt - Self.renewalMarginSeconds <= now
    }
}

/// A text that is printed nowhere.
package struct HiddenText: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
    package let value: String

    package init(_ value: String) {
        self.value = value
    }

    package var description: String { "[hidden]" }
    package var debugDescription: String { "[hidden]" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
