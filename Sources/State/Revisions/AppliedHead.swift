import GRDB
import Spec

/// What is in force, without its resources: what most questions need, whatever the size of the repository.
package struct AppliedHead: Sendable, Hashable {
    /// `nil` before the first one.
    package let revision: Revision?
    /// What the repository said of itself when it was last looked at and found good; `nil` before that.
    package let settings: Settings?

    package init(revision: Revision?, settings: Settings? = nil) {
        self.revision = revision
        self.settings = settings
    }

    /// Before the first revision.
    package static let nothing = AppliedHead(revision: nil)
}

extension StateReader {
    package func appliedHead() throws(StateError) -> AppliedHead {
        try read("reading what is applied") { db in
            AppliedHead(
                revision: try db.row("SELECT * FROM revision ORDER BY number DESC LIMIT 1").map(Revision.init(row:)),
                settings: try db.settings())
        }
    }
}

extension AppliedState {
    package var head: AppliedHead { AppliedHead(revision: revision, settings: settings) }
}
