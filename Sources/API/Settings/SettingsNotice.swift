/// What was done, said on the page that follows; in its address as `done`.
enum SettingsNotice: String, CaseIterable, Sendable {
    case passwordChanged, sessionEnded, sessionsEnded
    case tokenRevoked, appPasswordRevoked
    case accountAdded, accountChanged, accountPasswordSet, accountDisabled, accountEnabled, accountRemoved
    case rootAdded, rootChanged, rootRemoved, scanStarted

    static let parameter = Parameter("done", Scalar<SettingsNotice>.choice, "What was done.")

    private var text: String {
        switch self {
        case .passwordChanged: "Your password is changed. Your other browsers are signed out."
        case .sessionEnded: "That browser is signed out."
        case .sessionsEnded: "All your other browsers are signed out."
        case .tokenRevoked: "The token opens nothing any more."
        case .appPasswordRevoked: "The player that uses it is signed out."
        case .accountAdded: "The account is made."
        case .accountChanged: "The account is changed."
        case .accountPasswordSet: "The account has a new password, and its browsers are signed out."
        case .accountDisabled: "The account is disabled: neither its password nor its tokens open anything."
        case .accountEnabled: "The account may be used again."
        case .accountRemoved: "The account is gone."
        case .rootAdded: "The folder is a library root. Scan it to hear what is in it."
        case .rootChanged: "Saved. The folder is kept up to date so from now on."
        case .rootRemoved: "The folder is no library root any more."
        case .scanStarted: "The scan begins."
        }
    }

    var html: HTML { HTML(.p, .named("notice"), .init(.role, "status")) { text } }
}

extension LocalPath {
    func with(_ notice: SettingsNotice) -> LocalPath { with("done", notice.rawValue) }
}
