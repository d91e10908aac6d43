import Apply
import Spec
import State
import Values

/// What `apply` says of what it did.
extension ApplyCommit {
    /// Why nothing was applied.
    ///
    /// - Parameter object: what `-o json` prints, without `applied`
    func report(_ diagnostics: [Diagnostic], _ object: JSON, _ verdict: String, _ applied: AppliedHead) throws {
        switch try output.format {
        case .json:
            var object = object.object ?? [:]
            object["applied"] = false
            return output.print(.object(object))
        case .text: DiagnosticList(diagnostics).print(output)
        case .github: Terminal.result(WorkflowCommands.annotations(diagnostics))
        }
        let kept = applied.revision.map { "revision \($0.number) stays in force" } ?? "nothing is applied"
        output.talk("\(verdict): \(kept).")
    }

    /// What it will say of a plan once that is applied, written while the state is: in a first plan of a large repository
    /// both take long. Nil where it will say something else.
    func textAhead(of plan: Plan) throws -> Ahead<[[UInt8]]>? {
        guard try output.format == .text, !output.isQuiet, !plan.isEmpty else { return nil }
        let isColored = output.isColored
        return Ahead { PlanText.pieces(of: plan, color: isColored) }
    }

    /// - Parameter text: of the plan, where that was begun already
    func report(_ outcome: Applier.Outcome, _ plan: Plan, _ text: Ahead<[[UInt8]]>? = nil) throws {
        UntilExit.keep(plan)
        let isApplied: Bool
        let revision: Int
        switch outcome {
        case .applied(let applied): (isApplied, revision) = (true, applied.number)
        case .refused: return
        case .unchanged: (isApplied, revision) = (false, plan.basis.revision)
        }
        let said = sentence(isApplied, revision, plan)
        // Whoever does not get to read this must not take it for undone.
        let done = isApplied ? "commit \(plan.commit?.prefix(12) ?? "") is applied, as revision \(revision)" : nil
        let restored = restoration(plan)
        let showsPlan = isApplied ? !output.isQuiet : plan.isPartial || plan.settingsChange != nil
        switch try output.format {
        case .json:
            var object = plan.json.object ?? [:]
            object["applied"] = .bool(isApplied)
            object["revision"] = .number(JSONNumber(revision))
            Terminal.result(JSON.object(object).shownText, done: done)
        case .text:
            if let restored { Terminal.result(restored, done: done) }
            if showsPlan { Terminal.result(text?.value ?? plan.text(color: output.isColored), done: done) }
            if isApplied || !plan.isPartial { Terminal.result(said, done: done) }
            // They are why it exits with 1.
            if !showsPlan { DiagnosticList(plan.mistakes).talk() }
        case .github:
            let group = showsPlan ? WorkflowCommands.group("Plan", PlanText.render(plan, color: false)) : ""
            let notices = [restored, isApplied || !plan.isPartial ? said : nil].compactMap(\.self)
            Terminal.result(group + WorkflowCommands.annotations(plan, notices: notices), done: done)
        }
    }

    private func sentence(_ isApplied: Bool, _ revision: Int, _ plan: Plan) -> String {
        let commit = plan.commit?.prefix(12) ?? ""
        if isApplied { return "Applied commit \(commit) as revision \(revision)." }
        guard let settings = plan.settingsChange else {
            return "No changes: revision \(revision) is what commit \(commit) says."
        }
        let path = displayed(settings.path)
        return "No changes of resources: revision \(revision) stays, with \(path) of commit \(commit)."
    }

    private func restoration(_ plan: Plan) -> String? {
        let restored = plan.restored.map(\.id.description)
        guard !restored.isEmpty else { return nil }
        let more = restored.count > 10 ? " and \(restored.count - 10) more" : ""
        return "Restored \(restored.prefix(10).joined(separator: ", "))\(more), altered behind writ's back."
    }
}
