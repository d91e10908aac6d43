import GRDB
import Spec
import Values

extension Database {
    /// What waits for a renamed channel goes to it, and it stays closed where nothing but its name is another one.
    func renameChannels(_ changes: [ResourceChange]) throws {
        let closed = try changes.compactMap { change -> (channel: String, digest: Digest, since: Instant)? in
            guard case .rename(let former, let digest, let content) = change.edit, change.id.kind == .channel,
                let row = try row("SELECT digest, since FROM closed_channel WHERE channel = :name", ["name": former])
            else { return nil }
            let own: Digest = try row.get("digest")
            let body: JSON? = try value("SELECT body FROM manifest WHERE digest = :digest", ["digest": digest])
            let isSame = own == digest && body?["spec"] == content.manifest["spec"]
            return (change.id.name, isSame ? content.digest : own, try row.get("since"))
        }
        for (from, to) in NameMoves(changes, of: .channel).steps {
            try run("DELETE FROM closed_channel WHERE channel = :from", ["from": from])
            for state in [DeliveryState.queued, .sending] {
                try run(
                    "UPDATE delivery SET channel = :to WHERE state = '\(state.rawValue)' AND channel = :from",
                    ["from": from, "to": to])
            }
        }
        for (channel, digest, since) in closed {
            try run(
                "INSERT OR REPLACE INTO closed_channel (channel, digest, since) VALUES (:channel, :digest, :since)",
                ["channel": channel, "digest": digest, "since": since])
        }
    }
}
