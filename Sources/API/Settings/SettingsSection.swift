/// The pages under `/settings`: one list, from which their navigation and the first of them are made.
enum SettingsSection: CaseIterable, Sendable {
    case account, players, connections, roots, tokens, accounts, webhooks, serviceKeys, server

    var name: String {
        switch self {
        case .account: "My account"
        case .players: "Music players"
        case .connections: "Connections"
        case .webhooks: "Webhooks"
        case .roots: "Library roots"
        case .tokens: "Tokens"
        case .accounts: "Accounts"
        case .serviceKeys: "Services' keys"
        case .server: "This server"
        }
    }

    /// What one does there, in a sentence.
    var purpose: String {
        switch self {
        case .account: "Your password, and the browsers that you are signed in with."
        case .players: "The passwords of the apps that you listen with, such as those on a phone."
        case .connections: "Your own accounts at services outside, such as Last.fm and ListenBrainz."
        case .webhooks: "Servers that are told of scans that end, dead letters, lost workers and services out of reach."
        case .roots: "The folders that hold the library: add, scan and remove them."
        case .tokens: "What programs and other devices sign in with."
        case .accounts: "Who may use this library, and with which password."
        case .serviceKeys: "What the server itself uses at services outside, and where that is set."
        case .server: "Version, database, schema, and the settings in effect."
        }
    }

    var path: LocalPath {
        switch self {
        case .account: AccountPage.path
        case .players: PlayersPage.path
        case .connections: ConnectionPages.path
        case .webhooks: WebhookPages.path
        case .roots: RootsPage.path
        case .tokens: TokensPage.path
        case .accounts: AccountsPage.path
        case .serviceKeys: ServiceKeysPage.path
        case .server: ServerPage.path
        }
    }

    var isForAdmins: Bool {
        switch self {
        case .account, .players, .connections: false
        case .roots, .tokens, .accounts, .webhooks, .serviceKeys, .server: true
        }
    }
}
