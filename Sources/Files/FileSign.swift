import Foundation
import UseCases

/// A file whose time of change says when somebody listened last: processes on one device that share the folder see it.
package struct FileSign: PlaybackSign {
    private let path: String

    package init(path: String) {
        self.path = path
    }

    /// A folder that cannot be written costs no more than the other processes' attention.
    package func leave() {
        if utimensat(AT_FDCWD, path, nil, 0) == 0 { return }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Nil also for a time in the future: clocks were set.
    package func age() -> Duration? {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return nil }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let age =
            Duration.seconds(now.tv_sec - facts.st_mtim.tv_sec) + .nanoseconds(now.tv_nsec - facts.st_mtim.tv_nsec)
        return age >= .zero ? age : nil
    }
}
