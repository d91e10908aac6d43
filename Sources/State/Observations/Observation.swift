import GRDB
import Values

/// What came of looking at the repository once.
package struct Observation: Sendable, Hashable {
    package enum Outcome: String, Sendable, Hashable, CaseIterable, DatabaseValueConvertible {
        case applied
        /// The commit changes no resource.
        case unchanged
        /// The commit is not valid, or may not be applied; the last good revision stays.
        case rejected
        /// The repository or the commit cannot be read.
        case unreadable

        /// Whether it is recorded as something that happened, too.
        fileprivate var isRefusal: Bool { self == .rejected || self == .unreadable }
    }

    /// `nil` if it could not be found out.
    package let commit: String?
    package let branch: String?
    package let at: Instant
    /// When the same was last seen again.
    package let lastAt: Instant
    package let outcome: Outcome
    /// The revision in force after it.
    package let revision: Int?
    package let message: String
    /// In the form of `writ validate -o json`; the first 256 KiB of them are stored.
    package let diagnostics: JSON

    package init(
        commit: String?, branch: String?, at: Instant, outcome: Outcome, revision: Int?, message: String,
        diagnostics: JSON = []
    ) {
        self.commit = commit
        self.branch = branch
        self.at = at
        self.lastAt = at
        self.outcome = outcome
        self.revision = revision
        self.message = StoredText.capped(message, limit: 8 << 10) ?? ""
        self.diagnostics = diagnostics
    }

    init(row: Row) throws {
        commit = try row.find("commit_id")
        branch = try row.find("branch")
        at = try row.get("first_at")
        lastAt = try row.get("last_at")
        outcome = try row.get("outcome")
        revision = try row.find("revision")
        message = try row.get("message")
        diagnostics = try row.get("diagnostics")
    }

    /// Whether this says nothing that the other did not say.
    fileprivate func repeats(_ other: Observation) -> Bool {
        commit == other.commit && outcome == other.outcome && message == other.message
    }
}

extension Observation {
    /// Whether something in the commit is wrong, and the rest of it may be in force all the same.
    package var isPartial: Bool { (diagnostics.array ?? []).contains { $0["severity"] == "error" } }
}

extension StateStore {
    /// Records what came of a look at the repository, unless the last one said the same: a loop over an unchanged
    /// commit writes nothing (fault C68), or one date a minute where it is `touching`.
    ///
    /// Whoever waits for changes is woken only by news that triggers may listen to: that a commit was refused.
    ///
    /// - Parameter touching: whether a repetition updates `lastAt`, which then is at most a minute old
    /// - Returns: whether this was news
    @discardableResult
    package func record(_ observation: Observation, touching: Bool = false) throws(StateError) -> Bool {
        let isNews = try write("recording a look at the repository", silently: true) { db in
            try db.insertUnlessRepeated(observation, touching: touching)
        }
        if isNews, observation.outcome.isRefusal { wakeListeners() }
        return isNews
    }
}

extension StateReader {
    package func latestObservation() throws(StateError) -> Observation? {
        try read("reading the last look at the repository") { db in
            try db.row("SELECT * FROM observation ORDER BY seq DESC LIMIT 1").map(Observation.init(row:))
        }
    }

    package func observations(_ page: Page = Page()) throws(StateError) -> PageOf<Observation> {
        try read("reading the looks at the repository") { db in
            try db.page(page, from: "observation", item: Observation.init(row:))
        }
    }
}

extension Database {
    @discardableResult
    func insertUnlessRepeated(_ observation: Observation, touching: Bool) throws -> Bool {
        let last = try row("SELECT * FROM observation ORDER BY seq DESC LIMIT 1")
        if let row = last, case let last = try Observation(row: row), observation.repeats(last) {
            let age = observation.at.duration(since: last.lastAt)
            // A clock that was set back counts as news.
            if touching, age >= .seconds(60) || age < .zero {
                try run(
                    "UPDATE observation SET last_at = :at WHERE seq = :seq",
                    ["at": observation.at, "seq": try row.get("seq") as Int64])
            }
            return false
        }
        try insert(observation)
        return true
    }

    func insert(_ observation: Observation) throws {
        try run(
            """
            INSERT INTO observation (commit_id, branch, first_at, last_at, outcome, revision, message, diagnostics)
            VALUES (:commit, :branch, :at, :at, :outcome, :revision, :message, :diagnostics)
            """,
            [
                "commit": observation.commit, "branch": observation.branch, "at": observation.at,
                "outcome": observation.outcome, "revision": observation.revision, "message": observation.message,
                "diagnostics": StoredText.cappedList(observation.diagnostics),
            ])
    }
}
