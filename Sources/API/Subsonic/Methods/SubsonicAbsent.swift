/// What this server does not have. Lists of it are empty, for players that show a page of them; changes are refused.
enum SubsonicAbsent {
    static var methods: [SubsonicMethod] {
        lists.map { list in
            SubsonicMethod(list.key, isServed: false) { _ in
                var node = SubsonicNode()
                node.add(list.value.member, .children([]))
                return .node(list.value.payload, node)
            }
        }
            + refusals.flatMap { refusal in
                refusal.names.map { name in SubsonicMethod(name, isServed: false) { _ in throw refusal.error } }
            }
    }

    private static let lists: KeyValuePairs<String, (payload: String, member: String)> = [
        "getVideos": ("videos", "video"), "getPodcasts": ("podcasts", "channel"),
        "getNewestPodcasts": ("newestPodcasts", "episode"), "getShares": ("shares", "share"),
        "getInternetRadioStations": ("internetRadioStations", "internetRadioStation"),
        "getBookmarks": ("bookmarks", "bookmark"), "getChatMessages": ("chatMessages", "chatMessage"),
    ]

    private static let refusals: [(names: [String], error: SubsonicError)] = [
        (["getVideoInfo", "getCaptions", "hls"], SubsonicError(.notFound, "There are no videos here")),
        (
            ["getPodcastEpisode", "deletePodcastEpisode", "downloadPodcastEpisode", "deletePodcastChannel"],
            SubsonicError(.notFound, "There are no podcasts here")
        ),
        (["createPodcastChannel", "refreshPodcasts"], SubsonicError(.notAuthorized, "This server has no podcasts")),
        (["createShare"], SubsonicError(.notAuthorized, "This server shares nothing with the public")),
        (["updateShare", "deleteShare"], SubsonicError(.notFound, "There are no shares here")),
        (["createInternetRadioStation"], SubsonicError(.notAuthorized, "This server has no radio stations")),
        (
            ["updateInternetRadioStation", "deleteInternetRadioStation"],
            SubsonicError(.notFound, "There are no radio stations here")
        ),
        (["createBookmark"], SubsonicError(.generic, "This server keeps no bookmarks; the play queue keeps its place")),
        (["deleteBookmark"], SubsonicError(.notFound, "There are no bookmarks here")),
        (["addChatMessage"], SubsonicError(.generic, "This server has no chat")),
        (["jukeboxControl"], SubsonicError(.notAuthorized, "This server plays nothing itself")),
        (
            ["getTranscodeDecision", "getTranscodeStream"],
            SubsonicError(.generic, "This server decides by the format and maxBitRate of stream")
        ),
    ]
}
