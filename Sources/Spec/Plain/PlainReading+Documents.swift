import Values

/// The four fields around every spec.
extension PlainReading {
    /// What the documents of a file say; nil where somebody has to look closely.
    mutating func documents(
        of bytes: [UInt8], path: String, _ surroundings: FileSurroundings, _ limits: YAMLLimits
    ) -> [FileReading.Document]? {
        guard Self.isClean(bytes, path), bytes.withUnsafeBufferPointer({ yaml.read($0, limits) }) else { return nil }
        begin(path: path, surroundings)
        var documents: [FileReading.Document] = []
        documents.reserveCapacity(yaml.roots.count)
        for index in 0..<yaml.roots.count {
            guard let document = document(yaml.roots[index]) else { return nil }
            documents.append(document)
        }
        return documents
    }

    /// Makes what is made once for all manifests.
    static func prepare() {
        _ = kinds
        _ = metadata
    }

    /// Whether there is nothing to say about the text as such.
    private static func isClean(_ bytes: [UInt8], _ path: String) -> Bool {
        if LFSPointer.matches(bytes) { return false }
        if bytes.withUnsafeBufferPointer(TextCheck.isPlain) { return true }
        return !bytes.starts(with: [0xEF, 0xBB, 0xBF]) && TextCheck.problem(in: bytes) == nil
            && YAMLDirectives.first(in: bytes) == nil
            && BidirectionalControls.warnings(in: bytes, path: path).isEmpty
    }

    private mutating func document(_ root: Int) -> FileReading.Document? {
        beginDocument()
        guard let envelope = envelope(root),
            let kind = Self.kinds.first(where: { $0.text == ShortName(text(of: envelope.kind)) }),
            let name = child("name", of: envelope.metadata)
        else { return nil }
        output.append("{\"apiVersion\":\"writ/v1\",\"kind\":\"")
        output.append(text(of: envelope.kind))
        output.append("\",\"metadata\":")
        guard write(envelope.metadata, Self.metadata) else { return nil }
        output.append(",\"spec\":")
        guard write(envelope.spec, kind.spec), !keepsBot(kind, envelope.spec) else { return nil }
        output.append(UInt8(ascii: "}"))
        places.append(UInt8(ascii: "]"))
        let id = ResourceID(kind: kind.name, name: String(decoding: text(of: name), as: UTF8.self))
        let manifest = SoundManifest(
            id: id, place: Place(path: path, mark: yaml.nodes[root].mark), places: Places(text: Array(places.elements)),
            canonical: Array(output.elements))
        return FileReading.Document(
            declared: id, nameMark: yaml.nodes[name].mark, renamedFrom: nil, references: references, readable: nil,
            resource: (ResourceOutline(id, references), manifest))
    }

    /// Where kind, metadata and spec stand, in a mapping that holds them, the version, and nothing else.
    private func envelope(_ root: Int) -> (kind: Int, metadata: Int, spec: Int)? {
        guard root < yaml.nodes.count, form(of: root) == .mapping else { return nil }
        var (kind, metadata, spec, hasVersion) = (-1, -1, -1, false)
        var count = 0
        var key = root + 1
        while key < Int(yaml.nodes[root].next) {
            let name = text(of: key)
            let value = key + 1
            if name.equals("kind") {
                kind = value
            } else if name.equals("metadata") {
                metadata = value
            } else if name.equals("spec") {
                spec = value
            } else if name.equals("apiVersion") {
                hasVersion = yaml.nodes[value].isScalar && text(of: value).equals("writ/v1")
            }
            count += 1
            key = Int(yaml.nodes[value].next)
        }
        guard count == 4, hasVersion, kind >= 0, metadata >= 0, spec >= 0, yaml.nodes[kind].isScalar else { return nil }
        return (kind, metadata, spec)
    }

    private mutating func write(_ node: Int, _ part: Part) -> Bool {
        let outer = enter(quoted: part.quotedName, node, [])
        guard part.writer(node, &self) else { return false }
        leave(outer)
        return true
    }

    /// Whether it is a trigger that says whether it keeps a bot's webhook.
    private func keepsBot(_ kind: PlainKind, _ spec: Int) -> Bool {
        guard kind.name == .trigger, let webhook = child("webhook", of: spec) else { return false }
        return child("manage", of: webhook) != nil
    }

    private final class Part: Sendable {
        let quotedName: [UInt8]
        let writer: PlainWriter

        init(_ name: String, _ writer: @escaping PlainWriter) {
            quotedName = JSON.string(name).canonicalBytes
            self.writer = writer
        }
    }

    private final class PlainKind: Sendable {
        let name: KindName
        let text: ShortName
        let spec: Part

        init?(_ kind: any Kind.Type) {
            guard let text = ShortName(kind.kindName.rawValue) else { return nil }
            name = kind.kindName
            self.text = text
            spec = Part("spec", kind.plainWriter)
        }
    }

    private static let metadata = Part("metadata", Metadata.plainWriter)

    private static let kinds = KindCatalog.all.compactMap { PlainKind($0) }
}
