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
        let history = ManifestHistory(commits.repository)
        let lines = try lines(resource.id, reader, history)
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
                let reason =
                    history.isSpent
                    ? "no more than \(ManifestHistory.contents) contents are looked at, and these were not enough"
                    : "it is not found in all commits that led to what was applied"
                output.talk("? an earlier commit may have set the field: \(reason)")
            }
            if let problem = commits.problem { output.talk("Authors are not known: \(problem)") }
        }
    }

    private func lines(
        _ id: ResourceID, _ reader: StateReader, _ history: ManifestHistory
    ) throws -> [Blame.Line] {
        var blame = Blame(of: id.kind)
        var last: ResourceVersion?
        let versions = try reader.versions(of: id)
        let steps = try history.steps(of: versions, from: reader)
        for version in versions.reversed() {
            guard let manifest = try reader.manifest(version.digest), let revision = try reader.revision(version.from)
            else { continue }
            // What was undone goes on where it was; what was deleted and declared again began anew.
            let isNew = last?.until != version.from && revision.undoes == nil
            // Nothing is left to say where the commits told it all.
            let commit = revision.undoes == nil ? revision.commit : nil
            let isSearched = commit == nil || steps[version.from] != nil
            blame.add(
                manifest, by: steps[version.from] ?? [],
                from: Blame.Origin(
                    revision: revision.number, commit: commit, doubt: isSearched ? nil : .notSearched), isNew: isNew)
            last = version
        }
        return blame.lines
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
