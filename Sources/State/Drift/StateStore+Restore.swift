import GRDB
import Spec
import Values

/// What a recorded manifest was before somebody altered it.
package struct Restoration: Sendable, Hashable {
    package let id: ResourceID
    /// Under which it is recorded, and which it has.
    package let digest: Digest
    package let manifest: JSON

    package init(id: ResourceID, digest: Digest, manifest: JSON) {
        self.id = id
        self.digest = digest
        self.manifest = manifest
    }
}

extension StateStore {
    /// Puts recorded manifests back to what their digests say.
    ///
    /// - Parameters:
    ///   - alteration: the last one that was looked at; what came later is looked at again
    ///   - unknown: digests of what was altered and cannot be put back, which stays noted
    package func restore(
        _ restorations: [Restoration], upTo alteration: Int?, unknown: [Digest], actor: String, at now: Instant
    ) throws(StateError) {
        guard !restorations.isEmpty || alteration != nil else { return }
        try write("restoring what was altered") { db in
            for restoration in restorations {
                let body = restoration.manifest.canonicalText
                guard Digest(of: body.utf8) == restoration.digest else {
                    throw StateError(.conflict, "\(restoration.id) would not be restored to what is recorded of it")
                }
                let key: Arguments = ["digest": restoration.digest, "body": body]
                // The triggers do not tell who it is that puts it back.
                let before: Int = try db.value("SELECT max(seq) FROM alteration") ?? 0
                try db.run("UPDATE manifest SET body = :body WHERE digest = :digest", key)
                try db.run("DELETE FROM alteration WHERE seq > :before", ["before": before])
                try db.run(
                    """
                    INSERT INTO restoration (kind, name, digest, restored_at, actor)
                    VALUES (:kind, :name, :digest, :now, :actor)
                    """,
                    restoration.id.arguments.merging([
                        "digest": restoration.digest, "now": now, "actor": actor,
                    ]) { _, own in own })
            }
            guard let alteration else { return }
            try db.run("DELETE FROM alteration WHERE seq <= :seq", ["seq": alteration])
            for digest in unknown { try db.run("INSERT INTO alteration (digest) VALUES (:digest)", ["digest": digest]) }
        }
    }
}
