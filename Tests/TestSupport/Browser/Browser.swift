import Contracts
import Foundation

/// A headless Chromium with one page, driven over a pair of pipes (Chrome DevTools Protocol).
///
/// Everything that a page complains of is kept: what scripts threw, what was logged as an error, what its content
/// policy forbade.
package final class Browser: Sendable {
    private let wire: DevToolsWire
    private let session: String

    package struct Failed: Error, CustomStringConvertible {
        package let description: String
    }

    private init(wire: DevToolsWire, session: String) {
        self.wire = wire
        self.session = session
    }

    /// It ends with the lab at the latest.
    package static func start(in lab: Lab) async throws -> Browser {
        let wire = try DevToolsWire(in: lab)
        let target = try await wire.send("Target.createTarget", ["url": "about:blank"])
        let attached = try await wire.send(
            "Target.attachToTarget", ["targetId": target["targetId"] ?? .null, "flatten": true])
        guard let session = attached["sessionId"]?.text else { throw Failed(description: "no session: \(attached)") }
        let browser = Browser(wire: wire, session: session)
        for domain in ["Page", "Runtime", "Log", "Audits"] { try await browser.send("\(domain).enable") }
        return browser
    }

    /// Returns when it has ended, and writes into the lab's folder no more.
    package func close() async throws {
        try await wire.close()
    }

    @discardableResult
    package func send(_ method: String, _ parameters: JSONValue = [:]) async throws -> JSONValue {
        try await wire.send(method, parameters, session: session)
    }

    /// Returns when the page and what it refers to are there.
    package func open(_ address: String) async throws {
        let answer = try await send("Page.navigate", ["url": .string(address)])
        if let text = answer["errorText"]?.text { throw Failed(description: "\(address): \(text)") }
        try await until("\(address) is loaded") { try await value("document.readyState") == "complete" }
    }

    /// What an expression comes to; promises are awaited. Throws what the script throws.
    @discardableResult
    package func value(_ script: String) async throws -> JSONValue {
        let answer = try await send(
            "Runtime.evaluate",
            ["expression": .string(script), "awaitPromise": true, "returnByValue": true, "userGesture": true])
        if let thrown = answer["exceptionDetails"] { throw Failed(description: "\(script): \(thrown)") }
        return answer["result"]?["value"] ?? .null
    }

    /// Waits until an expression is true. A page that is just being left has no answers.
    package func becomes(_ script: String) async throws {
        try await until("in the browser: \(script)") {
            do {
                return try await value(script) == true
            } catch is Failed {
                return false
            }
        }
    }

    /// CSS pixels and the theme.
    package func show(width: Int, height: Int, isDark: Bool = false) async throws {
        try await send(
            "Emulation.setDeviceMetricsOverride",
            [
                "width": .integer(Int64(width)), "height": .integer(Int64(height)), "deviceScaleFactor": 1,
                "mobile": false,
            ])
        try await send(
            "Emulation.setEmulatedMedia",
            ["features": [["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]]])
    }

    package func move(_ x: Double, _ y: Double) async throws {
        try await mouse("mouseMoved", x, y)
    }

    package func click(_ x: Double, _ y: Double) async throws {
        try await mouse("mouseMoved", x, y)
        try await mouse("mousePressed", x, y, ["button": "left", "clickCount": 1])
        try await mouse("mouseReleased", x, y, ["button": "left", "clickCount": 1])
    }

    /// In the middle of the first element that fits.
    package func click(_ selector: String) async throws {
        let middle = try await value(
            """
            (() => {
              const box = document.querySelector(\(ContractJSON.encode(selector))).getBoundingClientRect();
              return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
            })()
            """)
        try await click(middle["x"]?.number ?? 0, middle["y"]?.number ?? 0)
    }

    package func wheel(_ x: Double, _ y: Double, by delta: Double) async throws {
        try await mouse("mouseWheel", x, y, ["deltaX": 0, "deltaY": .number(delta)])
    }

    /// Into the element that has the focus.
    package func type(_ text: String) async throws {
        try await send("Input.insertText", ["text": .string(text)])
    }

    /// Into the form for tokens of the page that asks who one is.
    package func signIn(with token: String?) async throws {
        try await value("document.querySelector('#token').focus()")
        try await type(token ?? "")
        try await press("Enter")
    }

    /// A key by its name: `Enter`, `Tab`, `+`.
    package func press(_ key: String) async throws {
        var event: [String: JSONValue] = ["type": "keyDown", "key": .string(key)]
        if key == "Enter" { (event["text"], event["windowsVirtualKeyCode"]) = ("\r", 13) }
        if key == "Tab" { event["windowsVirtualKeyCode"] = 9 }
        try await send("Input.dispatchKeyEvent", .object(event))
        event["type"] = "keyUp"
        event["text"] = nil
        try await send("Input.dispatchKeyEvent", .object(event))
    }

    /// A screenshot for people to look at, in the folder that SILLON_SCREENSHOTS names; none where it names none.
    package func picture(_ name: String) async throws {
        guard let folder = ProcessInfo.processInfo.environment["SILLON_SCREENSHOTS"] else { return }
        let answer = try await send("Page.captureScreenshot", ["format": "png"])
        guard let data = answer["data"]?.text.flatMap({ Data(base64Encoded: $0) }) else {
            throw Failed(description: "no picture")
        }
        try data.write(to: URL(filePath: "\(folder)/\(name).png"))
    }

    /// What went wrong in pages since the browser was started.
    package var complaints: [String] { wire.events.compactMap(Self.complaint) }

    private static func complaint(_ event: JSONValue) -> String? {
        let parameters = event["params"]
        switch event["method"]?.text {
        case "Runtime.exceptionThrown": return "thrown: \(parameters ?? .null)"
        case "Runtime.consoleAPICalled":
            return ["error", "assert"].contains(parameters?["type"]?.text) ? "console: \(parameters ?? .null)" : nil
        case "Log.entryAdded":
            let entry = parameters?["entry"]
            return entry?["level"] == "error" ? "log: \(entry ?? .null)" : nil
        case "Audits.issueAdded":
            let issue = parameters?["issue"]
            return issue?["code"] == "ContentSecurityPolicyIssue" ? "policy: \(issue ?? .null)" : nil
        default: return nil
        }
    }

    private func mouse(_ type: String, _ x: Double, _ y: Double, _ more: [String: JSONValue] = [:]) async throws {
        let event: [String: JSONValue] = ["type": .string(type), "x": .number(x), "y": .number(y)]
        try await send("Input.dispatchMouseEvent", .object(event.merging(more) { $1 }))
    }
}
