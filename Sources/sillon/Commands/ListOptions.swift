import ArgumentParser

/// How a list of tracks that sound alike is shown.
struct ListOptions: ParsableArguments {
    @Flag(help: "Show what the differences are made of, and what the rules did.")
    var why = false

    @Flag(name: .customLong("m3u"), help: "Print a playlist.")
    var isPlaylist = false
}
