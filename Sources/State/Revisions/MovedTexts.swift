import GRDB
import Spec
import Values

/// A resource that says what it said, with texts that stand in other files. The version in force keeps its revision: where
/// a text stands is recorded like the place of the manifest.
package struct MovedTexts: Sendable, Hashable {
    package let id: ResourceID
    /// Of what the plan saw.
    package let from: Digest
    package let manifest: JSON

    package init(id: ResourceID, from: Digest, manifest: JSON) {
        self.id = id
        self.from = from
        self.manifest = manifest
    }
}

extension Database {
    /// Throws `moved` with every resource that is not as the plan saw it.
    func move(_ texts: [MovedTexts]) throws {
        guard !texts.isEmpty else { return }
        // The triggers do not tell who it is that writes.
        let before: Int = try value("SELECT max(seq) FROM alteration") ?? 0
        var missed: [ResourceID] = []
        for moved in texts {
            let body = moved.manifest.canonicalText
            // The former content stays, as who reads a revision once goes on to name it for new runs; it goes with the
            // last of those, or with the resource.
            let digest = Digest(of: body.utf8)
            try run(
                "INSERT INTO manifest (digest, body) VALUES (:digest, :body) ON CONFLICT (digest) DO NOTHING",
                ["digest": digest, "body": body])
            try run(
                """
                UPDATE resource_version SET digest = :new
                WHERE kind = :kind AND name = :name AND to_revision IS NULL AND digest = :old
                """, moved.id.arguments.merging(["new": digest, "old": moved.from]) { _, own in own })
            if changesCount == 0 { missed.append(moved.id) }
        }
        guard missed.isEmpty else { throw StateError(moved: missed) }
        try run("DELETE FROM alteration WHERE seq > :before", ["before": before])
    }
}
