import Spec
import State
import Values

/// What an operator asks a resource to be held to.
package struct OverrideRequest: Sendable {
    package let id: ResourceID
    /// `spec.limits.concurrency=2`
    package let fields: [String]
    package let reason: String
    package let actor: String
    /// `nil` until somebody ends it.
    package let until: Instant?

    package init(id: ResourceID, fields: [String], reason: String, actor: String, until: Instant?) {
        self.id = id
        self.fields = fields
        self.reason = reason
        self.actor = actor
        self.until = until
    }
}

/// Why it is not done: what is wrong and what to do.
package struct OverrideRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    package let isNotFound: Bool
    package let description: String
}

/// Holds resources to stricter values by hand, and lets them go again.
package struct Overriding: Sendable {
    private let store: StateStore
    private let now: @Sendable () -> Instant

    private static let reasonLimit = 1_000
    private static let fieldsLimit = 20
    package static let longest = Duration.seconds(10 * 366 * 86_400)

    package init(store: StateStore, now: @escaping @Sendable () -> Instant) {
        self.store = store
        self.now = now
    }

    /// Throws an `OverrideRefusal` or a `StateError`; nothing is changed then.
    ///
    /// - Returns: all that holds for the resource
    package func set(_ request: OverrideRequest) throws -> [Override] {
        let now = now()
        let fields = try Self.fields(request.fields, of: request.id, in: store.reader)
        guard !request.reason.isEmpty, request.reason.count <= Self.reasonLimit else {
            throw Self.refusal("say why, in at most \(Self.reasonLimit) characters: --reason TEXT")
        }
        if let until = request.until {
            guard until > now else {
                throw Self.refusal("\(until.rfc3339) is past: an override ends at a time to come")
            }
            guard until <= now.advanced(by: Self.longest) else {
                throw Self.refusal(
                    "\(until.rfc3339) is over ten years from now: without a time it holds until somebody ends it")
            }
        }
        try store.override(
            request.id, fields, reason: request.reason, actor: request.actor, until: request.until, at: now)
        return try store.reader.overrides(at: now).filter { $0.id == request.id }
    }

    /// What some `FIELD=VALUE` hold a resource to. Throws an `OverrideRefusal` where one of them cannot be.
    @discardableResult
    package static func fields(
        _ texts: [String], of id: ResourceID, in reader: StateReader
    ) throws -> [FieldOverride] {
        let resource = try resource(id, in: reader)
        guard !texts.isEmpty, texts.count <= fieldsLimit else {
            throw refusal("say what: FIELD=VALUE, at most \(fieldsLimit) of them")
        }
        var fields: [FieldOverride] = []
        for text in texts {
            do {
                fields.append(try resource.override(reading: text))
            } catch {
                throw refusal(error.message)
            }
            if let new = fields.last, fields.dropLast().contains(where: { $0.pointer == new.pointer }) {
                throw refusal("\(new.label) is given twice: give it one value")
            }
        }
        return fields
    }

    /// Lets a resource go, or one of its fields.
    ///
    /// - Parameter field: `spec.limits.concurrency`
    /// - Returns: what still holds for it
    package func end(_ id: ResourceID, _ field: String?, actor: String) throws -> [Override] {
        let now = now()
        let held = try store.reader.overrides(at: now).filter { $0.id == id }
        let pointer = field.map { JSONPointer($0.split(separator: ".").map(String.init)) }
        guard held.contains(where: { pointer == nil || $0.field.pointer == pointer }) else {
            let resource = try Self.resource(id, in: store.reader)
            if pointer == FieldOverride.suspendPointer, resource.manifest["spec"]?["suspend"]?.bool == true {
                throw Self.refusal("\(id) is suspended by its manifest at \(resource.place): change the repository")
            }
            throw Self.refusal("\(field.map { "\($0) of " } ?? "")\(id) is not overridden by hand: see `writ override`")
        }
        _ = try store.endOverrides(of: id, pointer, by: actor, at: now)
        return held.filter { pointer != nil && $0.field.pointer != pointer }
    }

    private static func resource(_ id: ResourceID, in reader: StateReader) throws -> Resource {
        guard let applied = try reader.resource(id) else {
            let names = try reader.appliedState().resources.filter { $0.id.kind == id.kind }.map(\.id.name)
            let near = nearestName(to: id.name, among: names).map { "; did you mean \($0)?" } ?? ""
            throw OverrideRefusal(
                isNotFound: true, description: "no \(id.kind) named \(quoted(id.name)) is in force\(near)")
        }
        return Resource(applied)
    }

    private static func refusal(_ message: String) -> OverrideRefusal {
        OverrideRefusal(isNotFound: false, description: message)
    }
}
