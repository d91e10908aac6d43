import GRDB
import Spec
import Values

/// Of which commit the recorded files are, and how many there are.
package struct SourceIndex: Sendable, Hashable {
    package let commit: String
    /// Where in the repository the manifests are; "" for the root.
    package let directory: String
    /// The last revision when it was written. After another one it says nothing any more.
    package let revision: Int
    /// The program that read the files: another one may read them otherwise.
    package let reader: String
    /// Grows with each change, so that what was read in several calls can be held to one moment.
    package let serial: Int
    package let manifests: Int
    /// Of all manifests together.
    package let bytes: Int
    /// Resources in force, by kind.
    package let counts: [KindName: Int]

    init(row: Row) throws {
        commit = try row.get("commit_id")
        directory = try row.get("directory")
        revision = try row.get("revision")
        reader = try row.get("reader")
        serial = try row.get("serial")
        manifests = try row.get("manifests")
        bytes = try row.get("bytes")
        let counts: JSON = try row.get("counts")
        self.counts = Dictionary(
            (counts.object ?? [:]).compactMap { kind, count in count.int.map { (KindName(rawValue: kind), $0) } },
            uniquingKeysWith: { first, _ in first })
    }
}

/// What reading a commit found, to be recorded with it: everything, or what differs from what is recorded.
package struct SourceRecord: Sendable {
    package var commit: String
    package var directory: String
    package var reader: String
    /// The record that this one changes; nil where it takes its place.
    package var changes: Int?
    package var manifests: Int
    package var bytes: Int
    package var counts: [KindName: Int]
    /// Files that were read; all of them where nothing is recorded yet.
    package var files: [SourceFile]
    /// Files that are there no more.
    package var removed: [String]
    /// Of each resource that was read or is gone.
    package var references: [SourceReferences]
    package var notes: [SourceNote]

    package init(
        commit: String, directory: String, reader: String, changes: Int?, manifests: Int, bytes: Int,
        counts: [KindName: Int], files: [SourceFile], removed: [String] = [], references: [SourceReferences],
        notes: [SourceNote]
    ) {
        self.commit = commit
        self.directory = directory
        self.reader = reader
        self.changes = changes
        self.manifests = manifests
        self.bytes = bytes
        self.counts = counts
        self.files = files
        self.removed = removed
        self.references = references
        self.notes = notes
    }
}

/// Whom one resource named, and whom it names.
package struct SourceReferences: Sendable {
    package let id: ResourceID
    package let old: [ReferenceUse]
    package let new: [ReferenceUse]

    package init(_ id: ResourceID, old: [ReferenceUse] = [], new: [ReferenceUse] = []) {
        self.id = id
        self.old = old
        self.new = new
    }
}

/// What there is to say of one resource beside its manifest; nothing where all is empty.
package struct SourceNote: Sendable, Hashable {
    package let id: ResourceID
    package let renamedFrom: String?
    /// Warnings that come of it together with others.
    package let advice: [Diagnostic]

    package init(_ id: ResourceID, renamedFrom: String? = nil, advice: [Diagnostic] = []) {
        self.id = id
        self.renamedFrom = renamedFrom
        self.advice = advice
    }

    package var isEmpty: Bool { renamedFrom == nil && advice.isEmpty }
}
