import Apply
import Spec
import State

extension ManifestHistory {
    /// By revision; none of those that are not looked at any more, or not found. The latest are looked at first: of them
    /// most is in force.
    ///
    /// - Parameter versions: all of a resource, the latest first
    func steps(of versions: [ResourceVersion], from reader: StateReader) throws -> [Int: [Blame.Step]] {
        var steps: [Int: [Blame.Step]] = [:]
        for version in versions {
            guard !isSpent else { break }
            steps[version.from] = try change(to: version, in: versions, reader).flatMap { self.steps(of: $0) }
        }
        return steps
    }

    /// The commit that made a resource what it was since a revision; nil where that is not known for certain, or an
    /// operator did.
    func commit(of resource: AppliedResource, from reader: StateReader) throws -> String? {
        guard !isSpent else { return nil }
        let versions = try reader.versions(of: resource.id)
        // Another one may have the name by now.
        guard
            let version = versions.first(where: {
                $0.from == resource.sinceRevision && $0.id == resource.id && $0.digest == resource.digest
            }),
            let change = try change(to: version, in: versions, reader), let last = steps(of: change)?.last,
            last.origin.doubt == nil
        else { return nil }
        return last.origin.commit
    }

    /// Nil for what an operator took back: no commit says so.
    private func change(
        to version: ResourceVersion, in versions: [ResourceVersion], _ reader: StateReader
    ) throws -> Change? {
        guard let revision = try reader.revision(version.from), revision.undoes == nil else { return nil }
        let former = versions.first { $0.until == version.from }
        let later =
            if let until = version.until {
                try reader.revision(until)?.commit
            } else {
                try reader.appliedHead().followed
            }
        return Change(
            version: version, revision: revision, names: Set(versions.map(\.id.name)),
            commitBefore: try reader.revision(version.from - 1)?.commit,
            contentBefore: try former.flatMap { try reader.manifest($0.digest) }, later: [later].compactMap { $0 })
    }
}
