import Spec
import Values

/// Changes of `writ.yaml` that a reviewer must not overlook: each gives others more room, or takes a safeguard away.
enum SettingsRisks {
    private typealias Risk = (field: [String], message: String, fix: String)

    /// - Parameter place: of a field of `writ.yaml`
    static func all(
        from before: Settings, to after: Settings, at place: (JSONPointer) -> Place
    ) -> [Diagnostic] {
        risks(before, after).map { field, message, fix in
            Diagnostic(.warning, .riskySettings, message, at: place(JSONPointer(field)), fix: fix)
        }
    }

    private static func risks(_ before: Settings, _ after: Settings) -> [Risk] {
        var found = signatures(before.verify, after.verify).map { [$0] } ?? []
        let (old, new) = (Brakes.Limits(before.brake), Brakes.Limits(after.brake))
        if new.deletes > old.deletes || new.percent > old.percent {
            found.append(
                (
                    ["brake", new.deletes > old.deletes ? "deletes" : "percent"],
                    "the brake is loosened: up to \(new.deletes) resources of a kind, or \(new.percent) % of it, go without a"
                        + " word, where it was \(old.deletes), or \(old.percent) %",
                    fix: "one commit that deletes much can be let through with `\(BrakeFinding.trailer): N`"
                ))
        }
        if after.prune.grace < before.prune.grace {
            found.append(
                (
                    ["prune", "grace"],
                    "`prune.grace` is shortened from \(before.prune.grace.manifestText) to"
                        + " \(after.prune.grace.manifestText): what is deleted later cannot be brought back for as long",
                    fix: "keep it as long as it takes to notice a mistake"
                ))
        }
        if after.prune.enabled, !before.prune.enabled {
            found.append(
                (
                    ["prune", "enabled"],
                    "`prune` is turned on: later commits delete what is in force and declared no longer",
                    fix: "look at what is kept now: `writ plan` lists it"
                ))
        }
        if after.apply != before.apply {
            let what =
                after.apply == .perResource
                ? "later commits are applied in part where they are broken in part"
                : "later commits are applied whole, or not at all"
            found.append(
                (["apply"], "`apply` is \(after.apply.rawValue): \(what)", fix: "make sure that whoever merges knows"))
        }
        if after.drift != before.drift {
            let what =
                after.drift == .report
                ? "what is altered behind writ's back is told, and stays in force"
                : "what is altered behind writ's back is put back"
            found.append(
                (["drift"], "`drift` is \(after.drift.rawValue): \(what)", fix: "make sure that whoever merges knows"))
        }
        return found
    }

    private static func signatures(_ before: Settings.Verify?, _ after: Settings.Verify?) -> Risk? {
        guard let before else { return nil }
        let fix = "make sure that whoever may sign, or need not, is meant to decide what runs"
        guard let after else {
            return (
                ["verify"], "`verify` is removed: later commits are applied whether or not somebody signed them",
                fix: fix
            )
        }
        let (old, new) = (Set(before.keys), Set(after.keys))
        guard old != new else { return nil }
        return (
            ["verify", "keys"],
            "`verify.keys` changes: \(new.subtracting(old).count) added, \(old.subtracting(new).count) removed; later"
                + " commits count by these keys", fix: fix
        )
    }
}
