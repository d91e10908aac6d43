import Apply
import ArgumentParser
import Git
import Server
import Spec
import State
import Values

struct ShowBlame: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blame",
        abstract: "Show for each field of a resource which commit set it last, when, and by whom.",
        discussion: "Follows renames. Authors come from the repository, where it is at hand.")

    @Argument(help: ArgumentHelp("The resource: agent/market-brief.", valueName: "kind/name"))
    var subject: String

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let reader = try RecordedState.open(source, state).reader
        let resource = try SubjectArgument.resource(subject, reader)
        guard Digest(of: resource.manifest.canonicalBytes) == resource.digest,
            try !reader.misplacedResources().contains(where: { $0.id == resource.id })
        else {
            throw CommandFailure(
                "\(resource.id) was altered behind writ's back: no commit set what is recorded now; see `writ plan`, and put"
                    + " it back with `writ apply`")
        }
        let commits = CommitBook(source)
        let lines = try lines(resource.id, reader, ManifestHistory(commits.repository))
        var revisions: [Int: Revision] = [:]
        for number in Set(lines.map(\.origin.revision)) { revisions[number] = try reader.revision(number) }
        if try output.isJSON {
            output.print(
                json(
                    resource.id, try reader.formerNames(of: resource.id), lines,
                    revisions.values.sorted { $0.number < $1.number },
                    commits))
        } else {
            Terminal.result(text(lines, revisions, commits))
            if lines.contains(where: { $0.origin.doubt == .notHere }) {
                output.talk(
                    "^ the history before this commit is not here, and an earlier one may have set the field: in a shallow"
                        + " clone run `git fetch --unshallow`, or clone deeper (fetch-depth)")
            }
            if lines.contains(where: { $0.origin.doubt == .notSearched }) {
                output.talk(
                    "? an earlier commit of the same revision may have set the field: no more than"
                        + " \(ManifestHistory.contents) contents are looked at, and these were not enough")
            }
            if let problem = commits.problem { output.talk("Authors are not known: \(problem)") }
        }
    }

    private func lines(
        _ id: ResourceID, _ reader: StateReader, _ history: ManifestHistory
    ) throws -> [Blame.Line] {
        var blame = Blame(of: id.kind)
        var last: (version: ResourceVersion, manifest: JSON)?
        let versions = try reader.versions(of: id)
        let steps = try steps(versions, reader, history)
        for version in versions.reversed() {
            guard let manifest = try reader.manifest(version.digest), let revision = try reader.revision(version.from)
            else { continue }
            // What was undone goes on where it was; what was deleted and declared again began anew.
            var isNew = last?.version.until != version.from && revision.undoes == nil
            for step in steps[version.from] ?? [] {
                let origin = Blame.Origin(revision: revision.number, commit: step.commit, doubt: step.doubt)
                blame.add(step.manifest, from: origin, isNew: isNew)
                isNew = false
            }
            // Nothing is left to say where the commits told it all.
            let commit = revision.undoes == nil ? revision.commit : nil
            let isSearched = commit == nil || steps[version.from] != nil
            blame.add(
                manifest,
                from: Blame.Origin(
                    revision: revision.number, commit: commit, doubt: isSearched ? nil : .notSearched), isNew: isNew)
            last = (version, manifest)
        }
        return blame.lines
    }

    /// By revision; none of those that are not looked at any more. The latest are looked at first: of them most is in force.
    private func steps(
        _ versions: [ResourceVersion], _ reader: StateReader, _ history: ManifestHistory
    ) throws -> [Int: [ManifestHistory.Step]] {
        let followed = try reader.appliedHead().followed
        let names = Set(versions.map(\.id.name))
        var steps: [Int: [ManifestHistory.Step]] = [:]
        for (place, version) in versions.enumerated() {
            guard !history.isSpent, let revision = try reader.revision(version.from) else { break }
            guard revision.undoes == nil else { continue }
            let former = versions.dropFirst(place + 1).first.flatMap { $0.until == version.from ? $0 : nil }
            let earlier = try reader.revision(version.from - 1)
            steps[version.from] = history.steps(
                of: version, in: revision, names: names,
                before: (commit: earlier?.commit, content: try former.flatMap { try reader.manifest($0.digest) }),
                followed: followed)
        }
        return steps
    }

    private func text(_ lines: [Blame.Line], _ revisions: [Int: Revision], _ commits: CommitBook) -> String {
        var table = Table("REVISION", "COMMIT", "AUTHOR", "APPLIED", "FIELD", "VALUE")
        for line in lines {
            let revision = revisions[line.origin.revision]
            let commit = line.origin.commit
            let mark = line.origin.doubt.map { $0 == .notHere ? "^" : "?" } ?? ""
            let author = commit == nil ? revision?.actor : commit.flatMap { commits[$0]?.author.name }
            let undone = revision?.undoes.map { "undo of \($0.revision)" }
            table.add(
                String(line.origin.revision), commit.map { "\(mark)\($0.prefix(12))" } ?? undone ?? "-", author ?? "-",
                revision?.createdAt.rfc3339 ?? "-", line.label,
                line.value.map { headline($0.canonicalText) } ?? "(sensitive)")
        }
        return table.text()
    }

    private func json(
        _ id: ResourceID, _ formerNames: [String], _ lines: [Blame.Line], _ revisions: [Revision],
        _ commits: CommitBook
    ) -> JSON {
        var object: JSONMembers = [
            "formatVersion": Shapes.formatVersion, "kind": .string(id.kind.rawValue), "name": .string(id.name),
            "fields": .array(
                lines.map { line in
                    var field: JSONMembers = [
                        "path": .string(line.pointer.text), "revision": .number(JSONNumber(line.origin.revision)),
                    ]
                    field["commit"] = line.origin.commit.map(JSON.string)
                    if line.origin.doubt == .notHere { field["boundary"] = true }
                    if line.origin.doubt == .notSearched { field["unsearched"] = true }
                    if line.label != line.pointer.tokens.joined(separator: ".") { field["label"] = .string(line.label) }
                    if let value = line.value { field["value"] = value } else { field["sensitive"] = true }
                    return .object(field)
                }),
            "revisions": .array(revisions.map { RevisionWithCommit.json($0, commits) }),
            "commits": .array(
                Set(lines.compactMap(\.origin.commit)).sorted().compactMap { commits[$0]?.json }),
        ]
        if !formerNames.isEmpty { object["formerNames"] = .array(formerNames.map(JSON.string)) }
        return .object(object)
    }
}

/// A revision with what the repository says of its commit.
enum RevisionWithCommit {
    static func json(_ revision: Revision, _ commits: CommitBook) -> JSON {
        var object = Shapes.revision(revision).object ?? [:]
        object["commitDetail"] = commits[revision.commit]?.json
        return .object(object)
    }
}
