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
