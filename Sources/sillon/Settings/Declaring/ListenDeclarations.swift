import Foundation

/// Where the server listens, and how others find it.
struct ListenDeclarations: Sendable {
    let host = Setting<String>(
        "host", .host, flag: "--host", fallback: .value(Settings.defaultHost),
        about: "The address to listen on. Others than 127.0.0.1 are open to the network.")
    let port = Setting<Int>(
        "port", .wholeNumber(0...65535), flag: "--port", fallback: .value(Settings.defaultPort),
        about: "The port to listen on, and where commands look for the server of this machine; 0 takes any free one.")
    let server = Setting<String>(
        "server", .server, flag: "--server",
        fallback: .computed("the one that runs on the data folder, else `port` on this machine") {
            reader throws(CommandError) in
            "http://\(Settings.defaultHost):\(try reader.read(SettingList.listening.port))"
        },
        about:
            "Where commands find the server. `sillon worker` takes the flag alone, which makes it work without a database."
    )
    let token = Setting<Secret?>(
        "token",
        SettingKind<Secret>(
            SettingShape("text", secrecy: .whole), secrets: { [$0.value] },
            text: { text, _ throws(SettingRefusal) in Secret(text) }
        ).orNone,
        flag: "--token", fallback: .value(nil, "`admin-token` in the data folder"),
        about: "What commands, and workers on other devices, sign in with.")
    let metrics = Setting<ListenAddress?>(
        "metrics_listen",
        SettingKind<ListenAddress>(SettingShape("port, or address and port", [.string, .integer])) {
            text, _ throws(SettingRefusal) in
            guard let address = ListenAddress(text) else {
                throw SettingRefusal("is a port, or an address and a port, not \"\(text)\"")
            }
            return address
        }.orNone,
        fallback: .value(nil),
        about: "`9464` or `0.0.0.0:9464`: where servers and workers tell their numbers to Prometheus without a token.",
        page: "metrics.md")
    let maxTranscodes = Setting<Int?>(
        "max_transcodes", SettingKind.wholeNumber(1...64).orNone,
        fallback: .value(nil, "twice the cores, 2 on small devices"),
        about: "Tracks that are encoded for listeners at once.", page: "streaming.md")
}

extension SettingKind where Value == String {
    fileprivate static let server = SettingKind(SettingShape("address, `http` or `https`")) {
        text, _ throws(SettingRefusal) in
        let url = URLComponents(string: text)
        guard let url, let scheme = url.scheme, ["http", "https"].contains(scheme), url.host?.isEmpty == false else {
            throw SettingRefusal("is an address such as http://music.local:8080, not \"\(text)\"")
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
