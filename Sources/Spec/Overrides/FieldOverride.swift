import Values

/// A field of a resource that an operator holds to another value than its manifest says: stricter, never looser.
package struct FieldOverride: Sendable, Hashable {
    /// Into the manifest: `/spec/limits/concurrency`.
    package let pointer: JSONPointer
    package let value: JSON

    package init(pointer: JSONPointer, value: JSON) {
        self.pointer = pointer
        self.value = value
    }

    /// `spec.limits.concurrency`
    package var label: String { pointer.tokens.joined(separator: ".") }

    /// What a manifest says there, where that is as strict or stricter, so that it is what counts.
    package func outdone(by manifest: JSON, of kind: KindName) -> JSON? {
        guard let field = OverridableField(pointer, of: kind) else { return nil }
        let declared = manifest.value(at: pointer)
        return field.isStricter(value, than: declared) ? nil : declared ?? field.description.defaultValue
    }

    package static let suspendPointer = JSONPointer(["spec", "suspend"])
    package static let suspension = FieldOverride(pointer: suspendPointer, value: true)
}

/// Why a field cannot be overridden: what is wrong and what to do.
package struct OverrideError: Error, Sendable, Hashable {
    package let message: String
}

extension Resource {
    /// As it works while these hold. Where its manifest is as strict or stricter, that stays.
    package func overridden(by overrides: [FieldOverride]) -> Resource {
        guard !overrides.isEmpty else { return self }
        var manifest = manifest
        for override in overrides {
            guard let field = OverridableField(override.pointer, of: id.kind),
                field.isStricter(override.value, than: manifest.value(at: override.pointer))
            else { continue }
            manifest = manifest.setting(override.value, at: override.pointer.tokens[...])
        }
        // The digest stays that of the manifest: it says what was declared.
        return Resource(
            id: id, manifest: manifest, digest: digest, place: place, places: places, renamedFrom: renamedFrom)
    }

    /// Reads `spec.limits.concurrency=2`.
    package func override(reading text: String) throws(OverrideError) -> FieldOverride {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            throw OverrideError(message: "\(quoted(text)) is not FIELD=VALUE, such as spec.limits.concurrency=2")
        }
        let pointer = JSONPointer(parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init))
        guard let field = OverridableField(pointer, of: id.kind) else {
            throw OverrideError(message: Self.unknown(parts[0], id.kind))
        }
        guard let value = field.value(of: parts[1]) else {
            throw OverrideError(message: "\(quoted(parts[1])) is no value for \(parts[0])")
        }
        guard field.isStricter(value, than: manifest.value(at: pointer)) else {
            let declared = manifest.value(at: pointer) ?? field.description.defaultValue ?? .null
            throw OverrideError(
                message: "\(id) has \(parts[0]) \(declared.canonicalText): an override may only \(field.rule.verb) it;"
                    + " change the repository for more")
        }
        let override = FieldOverride(pointer: pointer, value: value)
        guard let kind = KindCatalog[id.kind], let spec = overridden(by: [override]).manifest["spec"],
            kind.read(Node(json: spec), ManifestReading(path: place.path, source: .recorded)) != nil
        else { throw OverrideError(message: "\(quoted(parts[1])) is no value for \(parts[0])") }
        return override
    }

    private static func unknown(_ field: String, _ kind: KindName) -> String {
        let known = OverridableField.labels(of: kind)
        guard !known.isEmpty else { return "nothing of kind \(kind) can be overridden by hand: change the repository" }
        let near = nearestName(to: field, among: known).map { "did you mean \($0)?" }
        return "\(quoted(field)) of kind \(kind) cannot be overridden by hand: "
            + (near ?? "only \(known.joined(separator: ", "))")
    }
}

extension JSON {
    /// With another value in a mapping; mappings on the way to it are made.
    fileprivate func setting(_ value: JSON, at tokens: ArraySlice<String>) -> JSON {
        guard let first = tokens.first else { return value }
        var members = object ?? [:]
        members[first] = (members[first] ?? [:]).setting(value, at: tokens.dropFirst())
        return .object(members)
    }
}
