import State
import Values

/// A queue in the state whose items are taken, worked on for a while and given back or ended.
protocol WorkQueue: Sendable {
    associatedtype Item: Sendable

    /// What logs call the items: `runs`.
    var noun: String { get }
    /// Where they are recorded.
    var table: WorkTable { get }
    var store: StateStore { get }

    /// Takes due items, at most `limit`.
    func claim(limit: Int, now: Instant) throws(StateError) -> [Item]

    /// Works on an item and records what came of it. Is cancelled when the item was taken away.
    func perform(_ item: Item) async

    /// Keeps an item for longer. Returns false if it was taken away meanwhile.
    func renew(_ item: Item, now: Instant) throws(StateError) -> Bool

    /// Whether an item still is held by its own lease: asked when something changed, so that a cancelled run stops at
    /// once.
    func isHeld(_ item: Item) throws(StateError) -> Bool

    /// Gives an item back as if it had not been taken (fault E93). Its task was cancelled before.
    func giveBack(_ item: Item)

    /// Looks after what nobody works on. Asked at the start and now and then.
    ///
    /// - Parameter held: what is under way here
    func tidy(now: Instant, except held: [Item]) throws(StateError)

    /// When items that are due but held back may be taken, if nothing else makes the loop look before.
    func resumes(after now: Instant) -> Instant?

    /// Says how many items are under way, and how many did not end in time.
    func note(active: Int, stuck: Int)
}

/// What a process takes of a queue.
package struct WorkLimits: Sendable, Hashable {
    /// Items at the same time.
    package var concurrency: Int
    /// How long an item belongs to this process without a sign of life.
    package var lease: Duration
    /// How long running work may go on after the process was told to end.
    package var grace: Duration

    package init(
        concurrency: Int = 16, lease: Duration = .seconds(60), grace: Duration = .seconds(30)
    ) {
        self.concurrency = max(concurrency, 1)
        self.lease = max(lease, .seconds(3))
        self.grace = max(grace, .zero)
    }
}
