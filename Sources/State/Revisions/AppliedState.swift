import GRDB
import Spec
import Values

/// What is in force: the last revision and every resource of it.
package struct AppliedState: Sendable, Hashable {
    /// `nil` before the first one.
    package let revision: Revision?
    /// By kind and name.
    package let resources: [AppliedResource]
    /// What the repository said of itself when it was last looked at and found good; `nil` before that.
    package let settings: Settings?
    let earlier: EarlierSettings?

    package init(
        revision: Revision?, resources: [AppliedResource], settings: Settings? = nil, earlier: EarlierSettings? = nil
    ) {
        self.revision = revision
        self.resources = resources
        self.settings = settings
        self.earlier = earlier
    }

    /// Before the first revision.
    package static let empty = AppliedState(revision: nil, resources: [])
}

/// One resource as it was applied.
package struct AppliedResource: Sendable, Hashable {
    package let id: ResourceID
    /// In canonical form: defaults left out.
    package let manifest: JSON
    /// `Digest(of: manifest)`
    package let digest: Digest
    package let place: Place
    /// The number of the revision that gave it this content.
    package let sinceRevision: Int

    package init(id: ResourceID, manifest: JSON, digest: Digest, place: Place, sinceRevision: Int) {
        self.id = id
        self.manifest = manifest
        self.digest = digest
        self.place = place
        self.sinceRevision = sinceRevision
    }

    init(row: Row) throws {
        self.init(
            id: try ResourceID(row: row), manifest: try row.get("body"), digest: try row.get("digest"),
            place: Place(
                path: try row.get("path"), mark: Mark(line: try row.get("line"), column: try row.get("column_number"))),
            sinceRevision: try row.get("from_revision"))
    }
}

extension Resource {
    /// As planner and kinds take it.
    package init(_ applied: AppliedResource) {
        self.init(id: applied.id, manifest: applied.manifest, digest: applied.digest, place: applied.place)
    }
}

extension AppliedResource {
    /// Of a row as the statement stands on it, by the places of its columns: a look by names takes longer than all else
    /// where there are a hundred thousand.
    ///
    /// - Parameter row: kind, name, digest, body, path, line, column_number, from_revision
    fileprivate init(columns row: Row) throws {
        let body = try row.decode(String.self, atIndex: 3)
        guard let digest = Digest(try row.decode(String.self, atIndex: 2)), let manifest = JSON(stored: body) else {
            throw StateError(.damaged, "a recorded manifest cannot be read: restore the state from a backup")
        }
        self.init(
            id: ResourceID(
                kind: KindName(rawValue: try row.decode(String.self, atIndex: 0)),
                name: try row.decode(String.self, atIndex: 1)),
            manifest: manifest, digest: digest,
            place: Place(
                path: try row.decode(String.self, atIndex: 4),
                mark: Mark(
                    line: try row.decode(Int.self, atIndex: 5), column: try row.decode(Int.self, atIndex: 6))),
            sinceRevision: try row.decode(Int.self, atIndex: 7))
    }
}

extension Database {
    /// - Parameter sql: selects the columns of `StateReader.resources`
    func resources(_ sql: String, _ arguments: Arguments = [:]) throws -> [AppliedResource] {
        let rows = try Row.fetchCursor(cachedStatement(sql: sql), arguments: StatementArguments(arguments))
        var resources: [AppliedResource] = []
        while let row = try rows.next() { resources.append(try AppliedResource(columns: row)) }
        return resources
    }
}

extension ResourceID {
    init(row: Row) throws {
        self.init(kind: KindName(rawValue: try row.get("kind")), name: try row.get("name"))
    }

    var arguments: Arguments { ["kind": kind.rawValue, "name": name] }
}
