import Values

/// Who holds the lock of a state, as the holder wrote it into the lock file.
package struct LockHolder: Sendable, Hashable, CustomStringConvertible {
    package let pid: Int
    /// `writ serve`
    package let command: String
    package let startedAt: Instant

    package init(pid: Int, command: String, startedAt: Instant) {
        self.pid = pid
        self.command = command
        self.startedAt = startedAt
    }

    package var json: JSON {
        ["pid": .number(JSONNumber(pid)), "command": .string(command), "startedAt": .string(startedAt.rfc3339)]
    }

    /// `nil` for what no holder writes.
    init?(json: JSON) {
        guard let pid = json["pid"]?.int, let command = json["command"]?.string,
            let startedAt = json["startedAt"]?.string.flatMap({ Instant(rfc3339: $0) })
        else { return nil }
        self.init(pid: pid, command: command, startedAt: startedAt)
    }

    /// `pid 123 (writ serve) since 2026-03-01T06:00:00Z`
    package var description: String { "pid \(pid) (\(command)) since \(startedAt.rfc3339)" }
}
