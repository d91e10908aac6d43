import Git
import Server
import State
import Values

/// The repository: whether it can be read, by whom, and what came of the last look at it.
enum RepositoryChecks {
    static func findings(_ options: RepositoryOptions, _ applied: AppliedState, _ look: Observation?) -> [Finding] {
        repository(options, applied) + [look.flatMap(lastLook)].compactMap { $0 }
    }

    private static func repository(_ options: RepositoryOptions, _ applied: AppliedState) -> [Finding] {
        do {
            let configuration = try Configuration(options)
            let head = try configuration.repository.resolve("HEAD")
            var findings: [Finding] = [.ok("repository", "\(options.location) is at commit \(head.shortText)")]
            if try configuration.repository.facts.isShallow {
                findings.append(
                    .warning(
                        "history",
                        "this is a shallow clone: whether a commit goes on from the applied one may not be known",
                        fix: "git fetch --unshallow"))
            }
            guard applied.revision != nil else { return findings }
            let check = ContinuityCheck(configuration)
            if let problem = try check.directoryProblem(from: applied.head) ?? check.problem(head, from: applied.head) {
                findings.append(.warning("history", "HEAD would not be applied: \(problem)", fix: "see `writ plan`"))
            }
            return findings
        } catch {
            let message = CommandFailure(known: error)?.message ?? "\(error)"
            return [.problem("repository", message, fix: fix(of: error))]
        }
    }

    private static func fix(of error: any Error) -> String {
        switch (error as? GitError)?.code {
        case .notFound, .noRepository: "give the repository with --repo"
        case .wrongOwner: "run as the user whose it is, or say --trust-owner"
        case .unsupported: "give another repository with --repo, in a form that is supported"
        case .corruptObject: "run `git fsck` there, and clone it again"
        case .emptyRepository, .unbornBranch: "make a first commit there"
        case .unreachable, .unauthorized, .untrusted: "look at the address, --credentials, --ca-file and --known-hosts"
        default: "give the repository with --repo, and run as a user who may read it"
        }
    }

    private static func lastLook(_ look: Observation) -> Finding? {
        switch look.outcome {
        case .applied, .unchanged: nil
        case .rejected:
            .problem(
                "reconcile",
                (look.namesCommit ? "rejected" : "commit \(look.commit?.prefix(12) ?? "") was rejected")
                    + " \(look.lastAt.rfc3339): \(look.message)",
                fix: "see `writ status`, and push a commit that mends it; the last good revision stays in force")
        case .unreadable:
            .problem(
                "reconcile", "the repository could not be read \(look.lastAt.rfc3339): \(look.message)",
                fix: "see `writ status`; the last good revision stays in force")
        }
    }
}
