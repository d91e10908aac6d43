import GRDB
import Spec
import Values

extension StateReader {
    /// The revision in force; `nil` before the first one.
    package func latestRevision() throws(StateError) -> Revision? {
        try read("reading the revision") { db in
            try db.row("SELECT * FROM revision ORDER BY number DESC LIMIT 1").map(Revision.init(row:))
        }
    }

    package func revision(_ number: Int) throws(StateError) -> Revision? {
        try read("reading revision \(number)") { db in try db.revision(number) }
    }

    package func revisions(_ page: Page = Page()) throws(StateError) -> PageOf<Revision> {
        try read("reading the revisions") { db in
            try db.page(page, from: "revision", key: "number", item: Revision.init(row:))
        }
    }

    /// Whether a revision took something back that its commit still says. To take back what took back comes to what the
    /// commit says.
    package func differsFromItsCommit(_ revision: Revision) throws(StateError) -> Bool {
        var differs = false
        var next: Revision? = revision
        for _ in 0..<Self.undoLimit {
            guard let current = next, let undone = current.undoes else { return differs }
            differs.toggle()
            next = try self.revision(undone.revision)
            // Of all that was taken back, one resource may have come again.
            if let target = next?.undoes, target.resource != undone.resource { return true }
        }
        return true
    }

    /// How far back that is followed.
    private static let undoLimit = 100

    /// What a revision changed, in the plan's order.
    package func changes(of revision: Int) throws(StateError) -> [RevisionChange] {
        try read("reading the changes of revision \(revision)") { db in
            try db.rows(
                "SELECT * FROM revision_change WHERE revision = :revision ORDER BY position", ["revision": revision]
            )
            .map(RevisionChange.init(row:))
        }
    }

    /// Every change of one resource, newest first, also after its deletion and under its former names.
    package func changes(of id: ResourceID, _ page: Page = Page()) throws(StateError) -> PageOf<RevisionChange> {
        try read("reading the changes of \(id)") { db in
            let names = try db.condition(id, name: "name")
            return try db.page(
                page, from: "revision_change", key: "revision", where: ["kind = :kind", names.text],
                names.arguments.merging(["kind": id.kind.rawValue]) { _, own in own }, item: RevisionChange.init(row:))
        }
    }
}

extension Database {
    func revision(_ number: Int) throws -> Revision? {
        try row("SELECT * FROM revision WHERE number = :number", ["number": number]).map(Revision.init(row:))
    }
}
