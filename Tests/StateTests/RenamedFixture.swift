import Spec
import State
import Values

/// Revisions that create and rename resources which say nothing but their names and one text.
extension StateFixture {
    static func manifest(_ id: ResourceID, _ text: String = "one") -> ManifestVersion {
        ManifestVersion(
            manifest: [
                "kind": .string(id.kind.rawValue), "metadata": ["name": .string(id.name)],
                "spec": ["description": .string(text)],
            ], place: Place(path: "\(id.name).yaml", mark: .start))
    }

    @discardableResult
    func create(_ ids: ResourceID...) throws -> Revision {
        try store.apply(.test(ids.map { ResourceChange(id: $0, edit: .create(Self.manifest($0))) }))
    }

    /// All of them in one revision.
    @discardableResult
    func rename(
        _ kind: KindName, _ names: [(former: String, name: String)], to text: String = "one", at seconds: Int64 = 0
    ) throws -> Revision {
        try store.apply(
            .test(
                names.map { names in
                    let id = ResourceID(kind: kind, name: names.name)
                    let former = Self.manifest(ResourceID(kind: kind, name: names.former))
                    return ResourceChange(
                        id: id, edit: .rename(names.former, from: former.digest, to: Self.manifest(id, text)))
                }, at: seconds))
    }

    @discardableResult
    func rename(_ kind: KindName, _ former: String, _ name: String, to text: String = "one") throws -> Revision {
        try rename(kind, [(former, name)], to: text)
    }
}
