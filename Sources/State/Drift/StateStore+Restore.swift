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

/// The schedule in force of a trigger whose place is not the place of it. It goes on from where it is recorded to have
/// come to; where nothing tells that any more, it counts from the restoration on, as a new one does.
package struct PlaceRestoration: Sendable, Hashable {
    package let trigger: ResourceID
    /// Of the trigger.
    package let digest: Digest
    /// Of the schedule.
    package let timing: Digest

    package init(trigger: ResourceID, digest: Digest, timing: Digest) {
        self.trigger = trigger
        self.digest = digest
        self.timing = timing
    }
}

/// Puts recorded manifests back to what their digests say, and places of schedules to what those are.
package struct Restoring: Sendable, Hashable {
    package let restorations: [Restoration]
    package let places: [PlaceRestoration]
    /// Whether the repository's settings are put back to what was recorded.
    package let restoresSettings: Bool
    /// The last alteration that was looked at; what came later is looked at again.
    package let alteration: Int?
    /// Digests of what was altered and cannot be put back, which stays noted.
    package let unknown: [Digest]
    package let actor: String
    package let at: Instant

    package init(
        _ restorations: [Restoration], places: [PlaceRestoration] = [], settings: Bool = false, upTo alteration: Int?,
        unknown: [Digest] = [],
        actor: String, at: Instant
    ) {
        self.restorations = restorations
        self.places = places
        self.restoresSettings = settings
        self.alteration = alteration
        self.unknown = unknown
        self.actor = actor
        self.at = at
    }

    package var isEmpty: Bool { restorations.isEmpty && places.isEmpty && !restoresSettings && alteration == nil }
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
            try note(restoration.id, restoration.digest, restoring)
        }
        for place in restoring.places { try restore(place, restoring) }
        if restoring.restoresSettings { try restoreSettings() }
        guard let alteration = restoring.alteration else { return }
        let wasLost = try settingsRow().isLost
        try run("DELETE FROM alteration WHERE seq <= :seq", ["seq": alteration])
        for digest in restoring.unknown {
            try run("INSERT INTO alteration (digest) VALUES (:digest)", ["digest": digest])
        }
        if try wasLost && !settingsRow().isLost { try noteLostSettings() }
    }
    private func restore(_ place: PlaceRestoration, _ restoring: Restoring) throws {
        try run(
            """
            INSERT INTO schedule_cursor (trigger_name, instant, spec_digest) VALUES (:trigger, :now, :timing)
            ON CONFLICT (trigger_name) DO UPDATE SET spec_digest = excluded.spec_digest, next_at = NULL, basis = NULL
            """, ["trigger": place.trigger.name, "now": restoring.at, "timing": place.timing])
        try note(place.trigger, place.digest, restoring)
    }

    /// Whoever holds something in memory reads it anew after that.
    private func note(_ id: ResourceID, _ digest: Digest, _ restoring: Restoring) throws {
        try run(
            """
            INSERT INTO restoration (kind, name, digest, restored_at, actor)
            VALUES (:kind, :name, :digest, :now, :actor)
            """,
            id.arguments.merging(["digest": digest, "now": restoring.at, "actor": restoring.actor]) { _, own in own })
    }
}
