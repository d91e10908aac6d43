import Apply
import Server
import Spec
import State
import Values

/// `writ describe` for people, in the manner of `kubectl describe`.
struct DescriptionText {
    private var lines: [String] = []

    static func text(_ description: ResourceDescription) -> String {
        var text = DescriptionText()
        text.write(description)
        return text.lines.joined(separator: "\n")
    }

    private mutating func write(_ description: ResourceDescription) {
        let resource = description.resource
        add("Name", resource.id.name)
        add("Kind", resource.id.kind.rawValue)
        add("Place", resource.place.description)
        for word in ["labels", "annotations"] {
            let pairs = (resource.manifest["metadata"]?[word]?.object ?? [:]).sorted { $0.key < $1.key }
            guard !pairs.isEmpty else { continue }
            add(word.capitalizedWord, pairs.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ", "))
        }
        if resource.manifest["metadata"]?["protect"]?.bool == true { add("Protected", "yes") }
        if !description.formerNames.isEmpty { add("Was named", description.formerNames.joined(separator: ", ")) }
        if let since = description.since {
            add(
                "Since",
                "revision \(since.number), commit \(since.commit.prefix(12)), \(since.createdAt.rfc3339) by \(since.actor)"
            )
        }
        add("Digest", resource.digest.text)
        add("Status", description.status.level.rawValue)
        if let undelivered = description.undelivered { add("Undelivered", undelivered.line) }
        section("Conditions", conditions(description.status))
        let spec = Redaction.redact(resource.manifest, of: resource.id.kind)["spec"] ?? [:]
        lines +=
            ["", "Spec:"]
            + YAMLWriter.text(spec).split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "  \(displayed(String($0)))" }
        while lines.last?.isEmpty == true { lines.removeLast() }
        section("Uses", references(description.uses, "FIELD"))
        section("Used by", references(description.usedBy, "IN ITS FIELD"))
        if !description.nextFires.isEmpty {
            lines += ["", "Fires next:"]
            lines += description.nextFires.map { "  \($0.instant.rfc3339(in: $0.zone))  \($0.instant.rfc3339)" }
        }
        section("Gaps", gaps(description.gaps))
        section("Recent runs", runs(description.runs))
        section("Recent changes", changes(description.changes))
    }

    private func conditions(_ status: ResourceStatus) -> Table {
        var table = Table("TYPE", "STATUS", "REASON", "SINCE", "MESSAGE")
        for condition in status.conditions {
            table.add(
                condition.sort.rawValue, condition.status.rawValue, condition.reason, condition.since?.rfc3339 ?? "-",
                condition.message.isEmpty ? "-" : condition.message)
        }
        return table
    }

    private func references(_ uses: [ResourceDescription.Use], _ heading: String) -> Table {
        var table = Table("RESOURCE", heading)
        for use in uses { table.add(use.resource.description, use.pointer.tokens.joined(separator: ".")) }
        return table
    }

    private func runs(_ runs: [Run]) -> Table {
        var table = Table("ID", "STATE", "TRIGGER", "CREATED", "OUTPUT")
        for run in runs {
            table.add(
                run.id, run.state.rawValue, run.trigger ?? "-", run.createdAt.rfc3339,
                headline(run.said, run.missed > 1 ? 120 : 60))
        }
        return table
    }

    private func gaps(_ gaps: [MissedDelivery]) -> Table {
        var table = Table("EVENT", "FROM", "TO", "WHY")
        for gap in gaps { table.add(gap.event ?? "-", gap.from.rfc3339, gap.to.rfc3339, gap.reason ?? "-") }
        return table
    }

    private func changes(_ changes: [RevisionChange]) -> Table {
        var table = Table("REVISION", "ACTION", "REASON")
        for change in changes { table.add(String(change.revision), change.action.rawValue, change.reason) }
        return table
    }

    private mutating func add(_ label: String, _ text: String) {
        let padded = "\(label):".padded(to: 13)
        lines.append(padded + displayed(text))
    }

    private mutating func section(_ title: String, _ table: Table) {
        guard !table.isEmpty else { return }
        lines += ["", "\(title):"] + table.text().split(separator: "\n").map { "  \($0)" }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    fileprivate var capitalizedWord: String { prefix(1).uppercased() + dropFirst() }
}
