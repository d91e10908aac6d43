import HTTPTestSupport
import Synchronization
import TestSupport

/// A service with OpenAI's chat completions on this machine, and a fleet whose agent asks it.
enum ModelService {
    static func answer(_ text: String) -> String {
        """
        {"id": "chatcmpl-1", "object": "chat.completion", "model": "local-1",
         "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "\(text)"}}],
         "usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}}
        """
    }

    static let secret = "it-is-a-secret"

    /// The quick start without its schedule, whose provider is the service at `url`.
    static func fleet(_ url: String) throws -> Fleet {
        var files = try Examples.files("quickstart")
        files["triggers/every-minute.yaml"] = nil
        files["providers/replay.yaml"] = """
            apiVersion: writ/v1
            kind: Provider
            metadata: {name: replay}
            spec: {type: openai, baseURL: "\(url)/v1"}

            """
        var fleet = try Fleet(files)
        fleet.environment["QUICKSTART_WEBHOOK_SECRET"] = secret
        return fleet
    }

    static let hook = "/hooks/greet-pull-request"
}

/// Opened once, from any thread; who came before waits for it.
final class Gate: Sendable {
    private let isOpen = Mutex(false)

    /// Whether this call opened it.
    func openFirst() -> Bool {
        isOpen.withLock { isOpen in
            defer { isOpen = true }
            return !isOpen
        }
    }

    func open() { isOpen.withLock { $0 = true } }

    func pass() async { try? await waitUntil("the gate", timeout: .seconds(60)) { isOpen.withLock { $0 } } }
}
