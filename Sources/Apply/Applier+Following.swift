import Spec
import State
import Values

/// What is recorded of a commit that changes no resource.
extension Applier {
    /// Whether applying `plan` would write nothing at all: then nobody needs to open the state for writing.
    package static func isRecorded(
        _ plan: Plan, commit: String, directory: String, in state: StateReader, at now: Instant
    ) throws(StateError) -> Bool {
        guard plan.isEmpty, plan.refusals.isEmpty, plan.restoring(actor: "", at: now).isEmpty,
            try !state.hasExpiredTombstone(now)
        else { return false }
        return try Following(plan, commit, directory, state).isNothing(plan)
    }

    /// Applying what is applied writes nothing.
    func follow(
        _ plan: Plan, _ observation: Observation, _ restoring: Restoring?, _ directory: String
    ) throws(StateError) {
        let following = try Following(plan, observation.commit, directory, store.reader)
        guard restoring?.isEmpty == false || !following.isNothing(plan) else { return }
        let isNews = !following.isSeen || following.isStale
        try store.follow(
            isNews ? observation : nil, directory: following.isMoved ? directory : nil, places: plan.newPlaces,
            texts: plan.newTexts,
            settings: following.isSettled ? nil : observation.commit.map { (plan.settings, $0) },
            sources: plan.sources, stale: following.isStale ? plan.stale : nil, restoring: restoring)
    }
}

/// What of a commit is recorded already.
private struct Following {
    let isSettled: Bool
    let isMoved: Bool
    let isSeen: Bool
    let isStale: Bool

    init(_ plan: Plan, _ commit: String?, _ directory: String, _ state: StateReader) throws(StateError) {
        let head = try state.appliedHead()
        isSettled = head.settings ?? .standard == plan.settings && head.hasSettings(of: commit)
        isMoved = head.revision.map { $0.directory != directory } ?? false
        let last = try state.latestObservation()
        isSeen = last?.commit == commit && (last?.outcome == .applied || last?.outcome == .unchanged)
        isStale = try state.staleResources().map(\.resource) != plan.stale
    }

    func isNothing(_ plan: Plan) -> Bool {
        plan.newPlaces.isEmpty && isSettled && !isMoved && isSeen && !isStale && plan.sources == nil
    }
}

extension Plan {
    /// Where resources stand from now on that stood elsewhere.
    var newPlaces: [ResourceID: Place] {
        Dictionary(
            moves.map { ($0.id, $0.to) } + shifts.map { ($0.id, $0.place) },
            uniquingKeysWith: { first, _ in first })
    }

    /// What resources say from now on whose texts stood elsewhere.
    var newTexts: [MovedTexts] { moves.compactMap(\.content) }
}
