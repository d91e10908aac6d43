import GRDB
import Spec

/// What is in force, without its resources: what most questions need, whatever the size of the repository.
package struct AppliedHead: Sendable, Hashable {
    /// `nil` before the first one.
    package let revision: Revision?
    /// What the repository said of itself when it was last looked at and found good; `nil` before that.
    package let settings: Settings?
    private let earlier: EarlierSettings?

    package init(revision: Revision?, settings: Settings? = nil, earlier: EarlierSettings? = nil) {
        self.revision = revision
        self.settings = settings
        self.earlier = earlier
    }

    /// Whether the settings are recorded as those of this commit.
    package func hasSettings(of commit: String?) -> Bool { earlier?.commit == commit }

    /// The last commit that was followed: what is in force stands where that commit has it, unless something was taken back
    /// or is stale.
    package var followed: String? { earlier?.commit }

    /// What judges a commit: never what that commit itself says.
    package func settings(for commit: String?) -> Settings? {
        if let earlier, earlier.commit == commit { return earlier.settings }
        return settings
    }

    /// Before the first revision.
    package static let nothing = AppliedHead(revision: nil)
}

extension StateReader {
    package func appliedHead() throws(StateError) -> AppliedHead {
        try read("reading what is applied") { db in
            let (settings, earlier) = try db.settings()
            return AppliedHead(
                revision: try db.row("SELECT * FROM revision ORDER BY number DESC LIMIT 1").map(Revision.init(row:)),
                settings: settings, earlier: earlier)
        }
    }
}

extension AppliedState {
    package var head: AppliedHead { AppliedHead(revision: revision, settings: settings, earlier: earlier) }
}
