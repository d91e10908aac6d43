import Spec
import State
import Values

/// What a state gives away so that others can plan against it with no access to it: ids, digests, cursors and what
/// routing needs of recent events. No spec's value and no secret is in it.
package struct Baseline: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package let id: ResourceID
        package let digest: Digest
        package let place: Place
        package let isProtected: Bool

        package init(id: ResourceID, digest: Digest, place: Place, isProtected: Bool) {
            self.id = id
            self.digest = digest
            self.place = place
            self.isProtected = isProtected
        }
    }

    /// Events that are told of, unless somebody asks for another number.
    package static let events = 500
    /// At most so many.
    package static let eventLimit = 5_000
    /// Bytes of a payload that is hashed; of a longer one conditions cannot be told.
    static let payloadLimit = 256 << 10
    /// Bytes of all events together; older ones are left out.
    static let eventBytes = 16 << 20

    package let asOf: Instant
    package let revision: Int
    package let commit: String
    /// A later commit that was followed since: files may stand elsewhere in it. A baseline of an earlier version does not
    /// say.
    package let followed: String?
    /// Where in the repository the manifests are; "" for the root.
    package let directory: String
    /// Of a revision that takes back another one.
    package let undoes: Undone?
    /// What the repository says of later commits.
    package let settings: Settings
    /// By kind and name.
    package let resources: [Entry]
    package let cursors: [String: ScheduleCursor]
    /// By the name of the trigger that started them.
    package let runsInFlight: [String: Int]
    /// What operators suspended by hand, by kind and name; a baseline of an earlier version does not say.
    package let suspensions: [HandSuspension]
    /// Hex digits.
    package let salt: String
    /// Newest first.
    package let recentEvents: [HashedEvent]

    package init(
        asOf: Instant, revision: Int, commit: String, followed: String? = nil, directory: String,
        undoes: Undone? = nil, settings: Settings,
        resources: [Entry], cursors: [String: ScheduleCursor], runsInFlight: [String: Int],
        suspensions: [HandSuspension], salt: String, recentEvents: [HashedEvent]
    ) {
        self.asOf = asOf
        self.revision = revision
        self.commit = commit
        self.followed = followed
        self.directory = directory
        self.undoes = undoes
        self.settings = settings
        self.resources = resources
        self.cursors = cursors
        self.runsInFlight = runsInFlight
        self.suspensions = suspensions
        self.salt = salt
        self.recentEvents = recentEvents
    }
}
