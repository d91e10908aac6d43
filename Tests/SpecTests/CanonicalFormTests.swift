import Spec
import TestSupport
import Testing
import Values

@Suite struct CanonicalFormTests {
    @Test func `every field of every kind is read, written as canonical JSON, and read again the same`() throws {
        let catalog = try load(CompleteManifests.text)
        for resource in catalog.resources {
            let kind = try #require(KindCatalog[resource.id.kind])
            #expect(try recordedAgain(resource, as: kind) == resource.manifest["spec"], "\(resource.id)")
            let parsed = try JSON(parsing: resource.manifest.canonicalBytes)
            #expect(Digest(of: parsed) == resource.digest, "\(resource.id)")
        }
    }

    @Test func `the complete manifests leave out no field of any kind`() throws {
        let catalog = try load(CompleteManifests.text)
        for kind in KindCatalog.all {
            let specs = catalog.resources.filter { $0.id.kind == kind.kindName }.compactMap { $0.manifest["spec"] }
            #expect(fields(missingFrom: specs, kind.shape) == [], "\(kind.kindName)")
        }
        let metadata = catalog.resources.compactMap { $0.manifest["metadata"] }
        // It tells the reader of one commit something and is no part of the resource.
        #expect(fields(missingFrom: metadata, Metadata.shape) == ["renamedFrom"])
    }

    @Test func `what says nothing more than a default is left out`() throws {
        let catalog = try load(
            Parts.provider + """
                === a.yaml ===
                apiVersion: writ/v1
                kind: Agent
                metadata: {name: a, labels: {}, annotations: {}, protect: false}
                spec:
                  suspend: false
                  model: {provider: openai, name: small}
                  systemPrompt: Be brief.
                  tools: []
                  limits: {maxSteps: 10, timeout: 5m, concurrency: 4}
                === t.yaml: Trigger t ===
                agent: a
                schedule: {cron: '0 9 * * *', timeZone: UTC, catchUp: latest, catchUpWindow: 1h}
                retry: {maxAttempts: 3, backoff: 10s}
                priority: 0
                """)
        #expect(
            catalog[Agent.id("a")]?.manifest == [
                "apiVersion": "writ/v1", "kind": "Agent", "metadata": ["name": "a"],
                "spec": ["model": ["provider": "openai", "name": "small"], "systemPrompt": "Be brief."],
            ])
        #expect(catalog[Trigger.id("t")]?.manifest["spec"] == ["agent": "a", "schedule": ["cron": "0 9 * * *"]])
    }

    @Test(arguments: [("90s", "1m30s"), ("60m", "1h"), ("24h", "1d"), ("1500ms", "1s500ms"), ("7d", "7d")])
    func `a duration is written one way`(written: String, canonical: String) throws {
        #expect(try specOfAgent("limits: {timeout: \(written)}")["limits"]?["timeout"] == .string(canonical))
    }

    @Test(arguments: [("0.20", "0.2"), ("2e-1", "0.2"), (".5", "0.5"), ("+1.0", "1"), ("1.", "1"), ("0x1", "1")])
    func `a number is written one way`(written: String, canonical: String) throws {
        let spec = try specOfAgent("model: {provider: openai, name: small, temperature: \(written)}")
        #expect(spec["model"]?["temperature"]?.canonicalText == canonical)
    }

    @Test
    func `the digest does not depend on the order of keys, on formatting, on the file, or on line ends (fault A26)`()
        throws
    {
        let plain = """
            apiVersion: writ/v1
            kind: User
            metadata:
              name: a
              labels: {x: '1', y: '2'}
            spec:
              displayName: |
                two
                lines
              role: admin

            """
        let other = """
            # A comment
            spec: {"role": 'admin', displayName: "two\\nlines\\n"}
            metadata: {labels: {y: "2", x: "1"}, name: a, protect: false}
            kind: User
            apiVersion: writ/v1

            """
        let texts = [
            ("a.yaml", plain), ("b/c.yml", other), ("a.yaml", plain.replacing("\n", with: "\r\n")),
            ("a.yaml", plain.replacing("\n", with: "\r")), ("a.yaml", "\u{FEFF}" + plain), ("a.yaml", "---\n" + plain),
        ]
        let digests = try texts.map { path, text in
            let loaded = try CatalogLoader(zones: .system).load(MemorySnapshot([path: text]))
            #expect(!loaded.diagnostics.hasErrors, "\(loaded.diagnostics.map(\.text))")
            return loaded.catalog[User.id("a")]?.digest
        }
        #expect(digests[0] != nil)
        #expect(Set(digests).count == 1)
    }

    @Test func `a resource knows where each of its values stands`() throws {
        let marked = try MarkedText(
            Parts.provider + """
                === agents/a.yaml: Agent a ===
                model: «model»{provider: «provider»openai, name: small}
                systemPrompt: Be brief.
                """)
        let loaded = try CatalogLoader(zones: .system).load(marked.snapshot)
        let resource = try #require(loaded.catalog[Agent.id("a")])
        #expect(resource.place == Place(path: "agents/a.yaml", mark: .start))
        #expect(resource.place(of: JSONPointer(["spec", "model", "provider"])) == marked.marks["provider"])
        #expect(resource.place(of: JSONPointer(["spec", "model", "seed"])) == marked.marks["model"])
        #expect(resource.place(of: JSONPointer(["nowhere"])) == resource.place)
    }

    private func specOfAgent(_ fields: String) throws -> JSON {
        let model = fields.hasPrefix("model") ? "" : "model: {provider: openai, name: small}\n"
        let catalog = try load(Parts.provider + "=== a.yaml: Agent a ===\nsystemPrompt: Hi\n\(model)\(fields)")
        return try #require(catalog[Agent.id("a")]?.manifest["spec"])
    }

    /// The canonical JSON of what reading recorded JSON gives.
    private func recordedAgain(_ resource: Resource, as kind: any Kind.Type) throws -> JSON? {
        func read<Spec: Kind>(_ kind: Spec.Type) -> JSON? { resource.spec(as: kind)?.json }
        return read(kind)
    }

    /// Fields of a shape, dotted, that none of the values has.
    private func fields(missingFrom values: [JSON], _ shape: Shape) -> [String] {
        switch shape {
        // Each stands in many places, and its forms are not repeated in every one.
        case .object(let object) where ["SecretReference", "IncludedFile"].contains(object.name): return []
        case .object(let object):
            return object.fields.flatMap { field -> [String] in
                let present = values.compactMap { $0[field.name] }
                guard !present.isEmpty else { return [field.name] }
                return fields(missingFrom: present, field.shape).map { "\(field.name).\($0)" }
            }
        case .list(let item, _): return fields(missingFrom: values.flatMap { $0.array ?? [] }, item)
        case .map(let item): return fields(missingFrom: values.flatMap { ($0.object ?? [:]).values }, item)
        case .anyOf(let alternatives):
            return alternatives.flatMap { one in fields(missingFrom: values.filter { one.takes($0) }, one) }
        case .text, .integer, .number, .boolean, .choice, .reference, .jsonSchema, .any: return []
        }
    }
}
