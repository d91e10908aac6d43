import Values

/// Where a secret is found when it is used: an environment variable, or a file below the operator's secrets directory.
/// The secret itself is never in a manifest.
package struct SecretReference: SpecValue, Hashable {
    package enum Source: Sendable, Hashable {
        case environment(String)
        /// Relative to the secrets directory.
        case file(String)
    }

    package let source: Source

    package init(source: Source) {
        self.source = source
    }

    package static let shape = Shape.object(
        ObjectShape(
            name: shapeName, summary: "Where a secret is found when it is used; never the secret itself.",
            fields: [
                field("env", "Environment variable of the process.", environmentShape),
                field("file", "File below the secrets directory.", TextShape("a file name", maximumLength: 512)),
            ], constraints: [.exactlyOne(["env", "file"])]))

    /// By which it is known among shapes.
    package static let shapeName = "SecretReference"

    private static let environmentShape = TextShape(
        "the name of an environment variable", pattern: "^[A-Za-z_][A-Za-z0-9_]*$", maximumLength: 128)

    private static func field(_ name: String, _ summary: String, _ shape: TextShape) -> FieldDescription {
        FieldDescription(
            name: name, summary: summary, shape: .text(shape), isRequired: false, defaultValue: nil, marks: .plain)
    }

    package static func read(_ node: Node, _ reading: ManifestReading) -> SecretReference? {
        guard case .mapping(let entries) = node.content else {
            // The value may be a secret: the message must not repeat it (faults C70, C71).
            reading.report(
                .plaintextSecret, "a secret must not stand in the repository; \(node.typeName) was found here", node,
                fix: "write {env: NAME} or {file: name}, and change the secret if it was ever committed")
            return nil
        }
        guard entries.count == 1, let entry = entries.first else {
            reading.report(.exclusiveFields, "a secret is one of `env` or `file`", node, fix: "write {env: NAME}")
            return nil
        }
        guard entry.key == "env" || entry.key == "file" else {
            reading.report(
                .unknownField, "unknown field in a secret reference", at: entry.keyMark,
                fix: "write {env: NAME} or {file: name}")
            return nil
        }
        return reading.descend(entry.key, entry.value) { () -> SecretReference? in
            guard let text = reading.text(entry.value, what: "a name") else { return nil }
            return entry.key == "env" ? environment(text, entry.value, reading) : file(text, entry.value, reading)
        }
    }

    private static func environment(_ text: String, _ node: Node, _ reading: ManifestReading) -> SecretReference? {
        let isSound = text.utf8.allSatisfy {
            $0 == UInt8(ascii: "_") || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
                || ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z"))
        }
        guard isSound, !text.isEmpty, text.utf8.count <= 128, text.first?.isNumber == false else {
            reading.report(
                .badValue, "this is not the name of an environment variable", node,
                fix: "write its name, such as GITHUB_WEBHOOK_SECRET, not its value")
            return nil
        }
        return SecretReference(source: .environment(text))
    }

    private static func file(_ text: String, _ node: Node, _ reading: ManifestReading) -> SecretReference? {
        guard let path = RepositoryFile.resolve(text, from: "") else {
            reading.report(
                .includeOutside, "this path leaves the secrets directory", node,
                fix: "name a file below the secrets directory, such as github-webhook")
            return nil
        }
        return SecretReference(source: .file(path))
    }

    package static var plainWriter: PlainWriter {
        { node, reading in
            let key = node + 1
            guard reading.form(of: node) == .mapping, let value = reading.child("env", of: node),
                Int(reading.yaml.nodes[value].next) == Int(reading.yaml.nodes[node].next), value == key + 1
            else { return reading.writeExactly(node, readJSON) }
            reading.output.append("{\"env\":")
            let outer = reading.enter(key: key, value)
            guard reading.isText(value), isVariable(reading.text(of: value)), reading.write(text: value) else {
                return false
            }
            reading.leave(outer)
            reading.output.append(UInt8(ascii: "}"))
            return true
        }
    }

    private static func isVariable(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first, text.count <= 128, first > UInt8(ascii: "9") else { return false }
        return text.allSatisfy {
            $0 == UInt8(ascii: "_") || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
                || ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z"))
        }
    }

    package var json: JSON {
        switch source {
        case .environment(let name): ["env": .string(name)]
        case .file(let path): ["file": .string(path)]
        }
    }
}

extension SecretReference: CustomStringConvertible {
    /// For errors: `environment variable GITHUB_TOKEN`.
    package var description: String {
        switch source {
        case .environment(let name): "environment variable \(name)"
        case .file(let path): "secret file \(path)"
        }
    }
}

/// One secret, or two while one takes over from the other.
package struct SecretReferences: SpecValue, Hashable {
    package let all: [SecretReference]

    package static var shape: Shape { .anyOf([SecretReference.shape, .list(SecretReference.shape, atMost: 2)]) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> SecretReferences? {
        guard case .sequence(let items) = node.content else {
            return SecretReference.read(node, reading).map { SecretReferences(all: [$0]) }
        }
        guard items.count == 1 || items.count == 2 else {
            reading.report(.badValue, "expected one secret or a list of two (old and new)", node)
            return nil
        }
        return [SecretReference].read(node, reading).map(SecretReferences.init)
    }

    package static var plainWriter: PlainWriter {
        let one = SecretReference.plainWriter
        return { node, reading in
            reading.form(of: node) == .mapping ? one(node, &reading) : reading.writeExactly(node, readJSON)
        }
    }

    package var json: JSON {
        if all.count == 1, let only = all.first { return only.json }
        return all.json
    }
}

/// A value written in place, or a secret.
package enum OrSecret<Value: SpecValue & Hashable>: SpecValue, Hashable {
    case value(Value)
    case secret(SecretReference)

    package static var shape: Shape { .anyOf([Value.shape, SecretReference.shape]) }

    package static func read(_ node: Node, _ reading: ManifestReading) -> OrSecret? {
        if case .mapping = node.content { return SecretReference.read(node, reading).map(OrSecret.secret) }
        return Value.read(node, reading).map(OrSecret.value)
    }

    package static var plainWriter: PlainWriter {
        let value = Value.plainWriter
        let secret = SecretReference.plainWriter
        return { node, reading in
            reading.form(of: node) == .mapping ? secret(node, &reading) : value(node, &reading)
        }
    }

    package var json: JSON {
        switch self {
        case .value(let value): value.json
        case .secret(let reference): reference.json
        }
    }
}
