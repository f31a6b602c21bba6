import Domain

/// A whole frame from a child, as far as it kept to the form.
struct HostReply {
    /// Nil when the child did not keep to the form.
    var result: Result<HostAnswer, any Error>?
    /// The child ends after this answer.
    var isRetiring = false

    init(_ kind: HostRequest.Kind, _ frame: UnsafeRawBufferPointer) {
        guard let status = frame.first else { return }
        let body = UnsafeRawBufferPointer(rebasing: frame.dropFirst())
        isRetiring = status & HostAnswerFrame.retiring != 0
        switch status & ~HostAnswerFrame.retiring {
        case HostAnswerFrame.done: result = HostAnswerFrame.answer(kind, body).map { .success($0) }
        case HostAnswerFrame.failed: result = HostAnswerFrame.failure(body).map { .failure($0) }
        default: break
        }
    }
}
