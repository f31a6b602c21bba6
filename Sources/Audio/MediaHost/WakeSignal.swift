import CMediaHost
import Glibc

/// Wakes one thread out of `poll`. The descriptor stays open as long as anybody can still signal it.
final class WakeSignal: Sendable {
    let descriptor: Int32

    /// Nil when no descriptor is left.
    init?() {
        descriptor = sillon_wake_create()
        if descriptor < 0 { return nil }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    func signal() {
        sillon_wake_signal(descriptor)
    }

    func clear() {
        sillon_wake_clear(descriptor)
    }
}
