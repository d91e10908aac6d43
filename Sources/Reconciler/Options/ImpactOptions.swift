import Apply
import ArgumentParser

/// What ends a plan or diff with an error.
enum FailureReason: String, ExpressibleByArgument, CaseIterable {
    case newReach = "new-reach"
}

struct ImpactOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Exit with 1 where the change opens new ways from triggers to tools, secrets, hosts or channels: new-reach",
            valueName: "reason"))
    var failOn: [FailureReason] = []

    var refusesReach: Bool { failOn.contains(.newReach) }

    func check(_ plan: Plan, _ output: some OutputStyle) throws {
        guard refusesReach else { return }
        guard let reach = plan.impact?.reach else {
            if plan.isEmpty { return }
            throw CommandFailure(
                "--fail-on new-reach: what the change opens cannot be told, because the clone lacks what is in force;"
                    + " see the warning `baseline`")
        }
        if reach.isEmpty { return }
        let untrusted = reach.ways.contains(where: \.isUntrusted) ? ", some of them for untrusted input" : ""
        let ways = reach.count == 1 ? "1 new way" : "\(reach.count) new ways"
        output.talk("Refused by --fail-on new-reach: \(ways) from triggers\(untrusted). They are listed in the plan.")
        throw ExitCode.failure
    }
}
