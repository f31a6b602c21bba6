import Domain
import Foundation
import Integrations
import Testing

@testable import sillon

@Suite struct EmbeddingSettingsTests {
    private func settings(_ variables: [String: String]) throws -> EmbeddingSettings {
        let environment = Environment(variables: variables, currentFolder: "/", standardErrorIsTerminal: false)
        let reader = SettingReader(environment: environment)
        return try EmbeddingSettings(reader, services: ServiceSettings(reader))
    }

    @Test("Without a word there is no model, and Ollama is that of this machine")
    func defaults() throws {
        let settings = try settings([:])
        #expect(settings.models.isEmpty)
        #expect(settings.ollama?.url == "http://127.0.0.1:11434")
    }

    @Test("Models are named with their service, in the order of preference")
    func models() throws {
        let settings = try settings([
            "SILLON_EMBEDDING_MODELS": "ollama:nomic-embed-text, openai:org/model:v1.5",
            "SILLON_OLLAMA_URL": "http://pi.local:11434/", "SILLON_OPENAI_URL": "http://127.0.0.1:1234/v1",
        ])
        #expect(settings.models.map(\.fullName) == ["ollama:nomic-embed-text", "openai:org/model:v1.5"])
        #expect(settings.ollama?.url == "http://pi.local:11434")
    }

    @Test(
        "What cannot work is said at the start",
        arguments: [
            (["SILLON_EMBEDDING_MODELS": "openai:x"], "SILLON_OPENAI_URL"),
            (["SILLON_EMBEDDING_MODELS": "ollama:x,ollama:x"], "twice"),
            (["SILLON_EMBEDDING_MODELS": "ollama:a,ollama:b,ollama:c,ollama:d,ollama:e"], "limit"),
            (["SILLON_OLLAMA_URL": "http://me:word@host"], "password"),
            (
                [
                    "SILLON_EMBEDDING_MODELS": "openai:x", "SILLON_OPENAI_URL": "http://far.example",
                    "SILLON_OPENAI_KEY": "secret",
                ], "unencrypted"
            ),
        ])
    func refused(variables: [String: String], word: String) throws {
        let error = #expect(throws: CommandError.self) { try settings(variables) }
        #expect(error?.exitStatus == .misconfigured)
        #expect(error?.message.contains(word) == true)
        for secret in ["secret", "me:word"] { #expect(error?.message.contains(secret) == false) }
    }

    @Test("A key is read from its file, without the line's end, and is not shown")
    func keyFile() throws {
        let path = NSTemporaryDirectory() + "key-\(UUID().uuidString)"
        defer { unlink(path) }
        try Data("sk-123\n".utf8).write(to: URL(filePath: path))
        #expect(try "\(settings(["SILLON_OPENAI_KEY_FILE": path]).openAIKey.map(\.description) ?? "")" == "[hidden]")
        try Data("two words\n".utf8).write(to: URL(filePath: path))
        #expect(throws: CommandError.self) { try settings(["SILLON_OPENAI_KEY_FILE": path]) }
    }
}
