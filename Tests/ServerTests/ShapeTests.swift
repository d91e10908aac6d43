import Server
import Spec
import State
import Testing
import Values

@Suite struct ShapeTests {
    private func shape(_ manifest: JSON) -> JSON {
        let id = ResourceID(
            kind: KindName(rawValue: manifest["kind"]?.string ?? ""), name: manifest["metadata"]?["name"]?.string ?? "")
        let resource = AppliedResource(
            id: id, manifest: manifest, digest: Digest(of: manifest),
            place: Place(path: "a.yaml", mark: .start), sinceRevision: 4)
        return Shapes.resource(resource, ResourceStatus(level: .ready))
    }

    @Test func `a resource is its manifest and its status`() {
        let manifest = JSON.agent("brief")
        let shape = shape(manifest)
        for key in ["apiVersion", "kind", "metadata", "spec"] { #expect(shape[key] == manifest[key]) }
        #expect(shape["status"]?["revision"] == 4)
    }

    @Test func `fault G128: of a kind that is not known no field is shown`() {
        let shape = shape(.manifest("Vault", "keys", ["password": "hunter2hunter2"]))
        #expect(!shape.canonicalText.contains("hunter2"))
        #expect(shape["metadata"]?["name"] == "keys")
    }

    @Test func `references to secrets stay, because they are no secrets`() {
        let manifest = JSON.manifest("Provider", "openai", ["type": "openai", "apiKey": ["env": "OPENAI_API_KEY"]])
        #expect(shape(manifest)["spec"] == manifest["spec"])
    }

    @Test func `fault G128: what a kind marks as sensitive is not shown, however deep`() {
        let object = Safe.shape
        let secret: JSON = ["name": "a", "key": ["deep": "hunter2"]]
        let shown: JSON = ["name": "a", "key": Redaction.replacement]
        #expect(Redaction.redact(secret, object) == shown)
        #expect(Redaction.redact([secret], .list(object, atMost: 9)) == [shown])
        #expect(Redaction.redact(["x": secret], .map(object)) == ["x": shown])
        #expect(Redaction.redact(secret, .anyOf([.boolean, object])) == shown)
    }
}

private struct Safe: SpecObject {
    let name: String
    let key: [String: String]

    static let schema = Schema<Safe>(
        "A safe.", Field("name", \.name, "Its name."), Field("key", \.key, "Its key.", .sensitive), make: Safe.init)
}
