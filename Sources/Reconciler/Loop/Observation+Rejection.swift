import Git
import Spec
import State
import Values

extension Observation {
    /// Diagnostics of one rejection that are recorded.
    static let diagnosticsLimit = 100

    /// A commit that is not valid, or not applied for the reason that `message` says.
    static func rejection(
        of commit: ObjectID, branch: String?, _ diagnostics: [Diagnostic], _ applied: AppliedHead, at now: Instant,
        message: String? = nil
    ) -> Observation {
        Observation(
            commit: commit.text, branch: branch, at: now, outcome: .rejected, revision: applied.revision?.number,
            message: message ?? "commit \(commit.shortText) is not valid: \(DiagnosticList(diagnostics).summary ?? "")",
            diagnostics: .array(diagnostics.prefix(diagnosticsLimit).map(\.json)))
    }

    /// A valid commit whose plan may not be applied.
    static func refusal(
        of commit: ObjectID, branch: String?, _ refusals: [Diagnostic], _ applied: AppliedHead, at now: Instant
    ) -> Observation {
        let why = [refusals.first?.message, refusals.first?.fix].compactMap(\.self).joined(separator: "; ")
        return .rejection(
            of: commit, branch: branch, refusals, applied, at: now,
            message: "commit \(commit.shortText) is not applied: \(why)")
    }
}
