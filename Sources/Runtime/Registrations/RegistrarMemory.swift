import Spec
import State
import Synchronization
import Values

/// What one process remembers of its work at the senders, beside what is recorded.
final class RegistrarMemory: Sendable {
    private struct Content {
        /// Of the secrets that were sent in this process, by webhook. A sender does not tell which it has.
        var sent: [Int64: Digest] = [:]
        /// By the token whose budget is used up.
        var pauses: [String: Instant] = [:]
    }

    private let content = Mutex(Content())

    /// Whether this process has told the sender this secret.
    func hasSent(_ secret: String, for number: Int64) -> Bool {
        content.withLock { $0.sent[number] == Digest(of: secret.utf8) }
    }

    func sent(_ secret: String, for number: Int64) {
        content.withLock { $0.sent[number] = Digest(of: secret.utf8) }
    }

    func forget(_ number: Int64) {
        content.withLock { $0.sent[number] = nil }
    }

    /// A budget of requests is a token's, whatever it is used for.
    func pause(_ row: Registration, until: Instant) {
        content.withLock { $0.pauses[Self.key(row)] = until }
    }

    /// As a process before this one recorded it.
    func resume(_ row: Registration) {
        guard let until = row.limitedUntil else { return }
        content.withLock { content in
            let key = Self.key(row)
            content.pauses[key] = max(content.pauses[key] ?? until, until)
        }
    }

    func pause(of row: Registration, now: Instant) -> Instant? {
        content.withLock { content in
            guard let until = content.pauses[Self.key(row)] else { return nil }
            // No sender asks for so long: the clock was ahead.
            let isOver = until <= now || until > now.advanced(by: Registrar.longest)
            if isOver { content.pauses[Self.key(row)] = nil }
            return isOver ? nil : until
        }
    }

    private static func key(_ row: Registration) -> String {
        let token = HookDeclaration(row.declared.declaration).token?.json.canonicalText ?? ""
        return "\(row.declared.sender.rawValue) \(token)"
    }
}
