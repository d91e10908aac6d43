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

/// Puts recorded manifests back to what their digests say.
package struct Restoring: Sendable, Hashable {
    package let restorations: [Restoration]
    /// Whether the repository's settings are put back to what was recorded.
    package let restoresSettings: Bool
    /// The last alteration that was looked at; what came later is looked at again.
    package let alteration: Int?
    /// Digests of what was altered and cannot be put back, which stays noted.
    package let unknown: [Digest]
    package let actor: String
    package let at: Instant

    package init(
        _ restorations: [Restoration], settings: Bool = false, upTo alteration: Int?, unknown: [Digest] = [],
        actor: String, at: Instant
    ) {
        self.restorations = restorations
        self.restoresSettings = settings
        self.alteration = alteration
        self.unknown = unknown
        self.actor = actor
        self.at = at
    }

    package var isEmpty: Bool { restorations.isEmpty && !restoresSettings && alteration == nil }
}

extension StateStore {
    /// Without a revision: the one in force says it already.
    package func restore(_ restoring: Restoring) throws(StateError) {
        guard !restoring.isEmpty else { return }
        try write("restoring what was altered") { db in try db.restore(restoring) }
    }
}

extension Database {
    func restore(_ restoring: Restoring) throws {
        for restoration in restoring.restorations {
            let body = restoration.manifest.canonicalText
            guard Digest(of: body.utf8) == restoration.digest else {
                throw StateError(.conflict, "\(restoration.id) would not be restored to what is recorded of it")
            }
            // The triggers do not tell who it is that puts it back.
            let before: Int = try value("SELECT max(seq) FROM alteration") ?? 0
            try run(
                "UPDATE manifest SET body = :body WHERE digest = :digest",
                ["digest": restoration.digest, "body": body])
            try run("DELETE FROM alteration WHERE seq > :before", ["before": before])
            try run(
                """
                INSERT INTO restoration (kind, name, digest, restored_at, actor)
                VALUES (:kind, :name, :digest, :now, :actor)
                """,
                restoration.id.arguments.merging([
                    "digest": restoration.digest, "now": restoring.at, "actor": restoring.actor,
                ]) { _, own in own })
        }
        if restoring.restoresSettings { try restoreSettings() }
        guard let alteration = restoring.alteration else { return }
        let wasLost = try settingsRow().isLost
        try run("DELETE FROM alteration WHERE seq <= :seq", ["seq": alteration])
        for digest in restoring.unknown {
            try run("INSERT INTO alteration (digest) VALUES (:digest)", ["digest": digest])
        }
        if try wasLost && !settingsRow().isLost { try noteLostSettings() }
    }
}
