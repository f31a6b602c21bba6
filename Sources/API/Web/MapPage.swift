/// The library as points in the plane. The page is a frame; `map.js` fills it.
enum MapPage {
    private static let track = Parameter("track", .id, "The track that is shown first.")

    static var routes: [Route] {
        [
            .page(
                "/map", "mapPage", "Show the library as points in the plane", access: .user,
                parameters: [ParameterSpec(track)]
            ) { request in
                request.webPage("Map", place: .map, scripts: ["map.js"]) {
                    HTML(.main, .named("map")) {
                        tools
                        stage
                        panel
                    }
                }
            }
        ]
    }

    private static var tools: HTML {
        HTML(.div, .named("tools")) {
            HTML(.form, .id("search"), .init(.role, "search")) {
                HTML(
                    .input, .id("query"), .init(.type, "search"), .init(.placeholder, "Search the map"),
                    .init(.ariaLabel, "Search the map"), .init(.maxlength, "200"), .init(.autocomplete, "off"))
            }
            HTML(.label, .named("choice")) {
                "Colour "
                HTML(.select, .id("colour")) {
                    HTML(.option, .init(.value, "genre")) { "Genre" }
                    HTML(.option, .init(.value, "tempo")) { "Tempo" }
                    HTML(.option, .init(.value, "key")) { "Key" }
                }
            }
            HTML(.div, .named("zoom")) {
                button("zoom-out", "Zoom out", "−")
                button("zoom-in", "Zoom in", "+")
                button("whole", "Show everything", "Whole")
            }
        }
    }

    private static func button(_ id: String, _ label: String, _ text: String) -> HTML {
        HTML(.button, .init(.type, "button"), .id(id), .init(.ariaLabel, label)) { text }
    }

    private static var stage: HTML {
        HTML(.section, .named("stage"), .init(.ariaLabel, "Map")) {
            HTML(.div, .id("plane")) {
                HTML(.canvas, .id("points"), .init(.ariaHidden, "true"))
                HTML(
                    .canvas, .id("marks"), .init(.tabindex, "0"), .init(.role, "application"),
                    .init(
                        .ariaLabel,
                        "Points, one for each track. Arrows move, plus and minus zoom, 0 shows everything, "
                            + "Enter plays the track in the middle.")
                )
                HTML(.div, .id("tip"), .init(.hidden)) {
                    HTML(.img, .id("tip-cover"), .init(.hidden), .init(.width, "40"), .init(.height, "40"))
                    HTML(.span, .id("tip-text"))
                }
                HTML(.p, .id("message"), .init(.role, "status")) { "The map is being read." }
                HTML(.noscript) { HTML(.p, .named("message")) { "The map is drawn by a script of this page." } }
            }
            HTML(.div, .id("legend"), .init(.ariaLabel, "Legend"), .init(.role, "group"))
        }
    }

    private static var panel: HTML {
        HTML(.aside, .id("panel"), .init(.ariaLabel, "Track")) {
            HTML(.p, .id("hint"), .named("hint")) {
                "Each point is a track; tracks that sound alike lie close together. Choose one to hear it and to see its "
                "neighbours."
            }
            HTML(.section, .id("found"), .init(.hidden), .init(.ariaLabel, "Search results")) {
                HTML(.h2, .id("found-title"), .init(.ariaLive, "polite"))
                HTML(.ol, .id("hits"))
            }
            HTML(.section, .id("playing"), .init(.hidden), .init(.ariaLabel, "Playing")) {
                HTML(.div, .named("track")) {
                    HTML(.img, .id("cover"), .init(.hidden), .init(.width, "72"), .init(.height, "72"))
                    HTML(.div) {
                        HTML(.h1, .id("title"))
                        HTML(.p, .id("artist"))
                        HTML(.p, .id("facts"), .named("hint"))
                    }
                }
                HTML(.audio, .id("audio"), .init(.controls), .init(.preload, "none"))
                HTML(.p, .id("trouble"), .named("problem"), .init(.role, "alert"), .init(.hidden))
                HTML(.h2) { "Sounds alike" }
                HTML(.ol, .id("neighbours"))
            }
        }
    }
}
