import GRDB
import Spec
import Values

extension StateReader {
    fileprivate static let resources = """
        SELECT kind, name, digest, body, path, line, column_number, from_revision
        FROM resource_version JOIN manifest USING (digest)
        """

    /// What is in force.
    package func appliedState() throws(StateError) -> AppliedState {
        try read("reading what is applied") { db in
            let revision = try db.row("SELECT * FROM revision ORDER BY number DESC LIMIT 1").map(Revision.init(row:))
            let resources = try db.resources("\(Self.resources) WHERE to_revision IS NULL ORDER BY kind, name")
            let (settings, earlier) = try db.settings()
            return AppliedState(revision: revision, resources: resources, settings: settings, earlier: earlier)
        }
    }

    /// What is in force, without the triggers that have a schedule's cursor: there may be very many of them, and each is
    /// read when its time has come.
    package func appliedStateWithoutSchedules() throws(StateError) -> AppliedState {
        try read("reading what is applied") { db in
            let revision = try db.row("SELECT * FROM revision ORDER BY number DESC LIMIT 1").map(Revision.init(row:))
            let resources = try db.resources(
                """
                \(Self.resources)
                WHERE to_revision IS NULL AND NOT (
                    kind = 'Trigger' AND EXISTS (SELECT 1 FROM schedule_cursor WHERE trigger_name = name))
                ORDER BY kind, name
                """)
            return AppliedState(revision: revision, resources: resources)
        }
    }

    /// What was in force at a revision but for the triggers; `nil` if there is no such revision.
    package func appliedStateWithoutTriggers(at number: Int) throws(StateError) -> AppliedState? {
        try read("reading revision \(number)") { db in
            guard let revision = try db.revision(number) else { return nil }
            let resources = try db.resources(
                """
                \(Self.resources)
                WHERE kind <> 'Trigger' AND from_revision <= :number AND (to_revision IS NULL OR to_revision > :number)
                ORDER BY kind, name
                """, ["number": number])
            return AppliedState(revision: revision, resources: resources)
        }
    }

    /// What was in force at a revision; `nil` if there is no such revision. Places are the last ones known.
    package func appliedState(at number: Int) throws(StateError) -> AppliedState? {
        try read("reading revision \(number)") { db in
            guard let revision = try db.revision(number) else { return nil }
            let resources = try db.resources(
                """
                \(Self.resources)
                WHERE from_revision <= :number AND (to_revision IS NULL OR to_revision > :number)
                ORDER BY kind, name
                """, ["number": number])
            return AppliedState(revision: revision, resources: resources)
        }
    }

    /// A resource that is in force.
    package func resource(_ id: ResourceID) throws(StateError) -> AppliedResource? {
        try read("reading \(id)") { db in try db.resourceInForce(id) }
    }

    /// A resource as it was at a revision, which is what a run that began then ends on (DESIGN.md rule 7).
    package func resource(_ id: ResourceID, at number: Int) throws(StateError) -> AppliedResource? {
        try read("reading \(id)") { db in try db.resource(id, at: number) }
    }

    /// The canonical manifest of a resource as it was at a revision.
    package func manifest(of id: ResourceID, at number: Int) throws(StateError) -> JSON? {
        try resource(id, at: number)?.manifest
    }
}

extension Database {
    func resource(_ id: ResourceID, at number: Int) throws -> AppliedResource? {
        try row(
            """
            \(StateReader.resources)
            WHERE kind = :kind AND name = :name
                AND from_revision <= :number AND (to_revision IS NULL OR to_revision > :number)
            """, id.arguments.merging(["number": number]) { _, own in own }
        )
        .map(AppliedResource.init(row:))
    }

    func triggersInForce() throws -> [AppliedResource] {
        try resources("\(StateReader.resources) WHERE kind = 'Trigger' AND to_revision IS NULL ORDER BY name")
    }

    func resourceInForce(_ id: ResourceID) throws -> AppliedResource? {
        try row(
            "\(StateReader.resources) WHERE kind = :kind AND name = :name AND to_revision IS NULL", id.arguments
        ).map(AppliedResource.init(row:))
    }
}
