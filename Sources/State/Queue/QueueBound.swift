/// How many runs may wait before an event that starts more of them is refused: a queue that grows without end fills
/// the disk, and what is at its end comes too late anyway.
package struct QueueBound: Sendable, Hashable {
    /// Of all agents and tools together.
    package var total: Int
    /// Of an agent or a tool alone; what is not in it has no bound of its own.
    package var targets: [RunTarget: Int]

    package init(total: Int, targets: [RunTarget: Int] = [:]) {
        self.total = total
        self.targets = targets
    }
}

/// How many runs wait, as one transaction goes on: counted once, then kept up.
///
/// What one request starts has room also where it is more than may ever wait, if nothing waited before it: it could be
/// sent for ever otherwise.
struct QueueRoom {
    private var total: Int?
    private var targets: [RunTarget: Int] = [:]
    /// How many waited before the request that is looked at.
    private var totalBefore: Int?
    private var targetsBefore: [RunTarget: Int] = [:]

    /// To be called before the first arrival of each request.
    mutating func beginRequest() {
        totalBefore = nil
        targetsBefore = [:]
    }

    /// Throws `queueFull` where there is no room for what an arrival starts; counts it otherwise.
    ///
    /// - Parameter rows: those of this transaction, which are counted with what was there before
    mutating func admit(_ arrival: Arrival, _ rows: inout ArrivalRows) throws {
        guard let bound = arrival.bound else { return }
        let runs = arrival.runs.filter { $0.skipReason == nil }
        guard !runs.isEmpty else { return }
        let waiting = try total ?? rows.waiting()
        let before = totalBefore ?? waiting
        guard before == 0 || waiting + runs.count <= bound.total else {
            throw StateError(.queueFull(nil), "\(waiting) runs wait, and no more than \(bound.total) may (--max-queue)")
        }
        var own = targets
        var ownBefore = targetsBefore
        for target in runs.map(\.target) {
            guard let limit = bound.targets[target] else { continue }
            let count = try own[target] ?? rows.waiting(in: target.lane)
            let before = ownBefore[target] ?? count
            guard before == 0 || count < limit else {
                throw StateError(
                    .queueFull(target),
                    "\(count) runs of \(target.words) wait, and no more than \(limit) may (limits.queue)")
            }
            own[target] = count + 1
            ownBefore[target] = before
        }
        total = waiting + runs.count
        targets = own
        totalBefore = before
        targetsBefore = ownBefore
    }
}
