import Synchronization
import Values

/// A validated manifest, as plain data: it can be recorded, sent to another process and compared.
package struct Resource: Sendable, Hashable {
    /// Shared by all copies, which plans make many of.
    private let content: Content

    private final class Content: Sendable {
        enum Body: Sendable {
            case manifest(JSON)
            /// Canonical JSON that was read once already. A manifest as a tree takes many times its memory, and of most
            /// nobody asks for more than the traits.
            case text([UInt8], ResourceTraits)
        }

        let id: ResourceID
        let body: Body
        let place: Place
        let places: Places
        let renamedFrom: String?
        /// Worked out when somebody asks: who reads files for another process does not.
        private let knownDigest: Mutex<Digest?>
        private let knownManifest: Mutex<JSON?>

        init(id: ResourceID, body: Body, digest: Digest?, place: Place, places: Places, renamedFrom: String?) {
            self.id = id
            self.body = body
            self.knownDigest = Mutex(digest)
            self.knownManifest = Mutex(nil)
            self.place = place
            self.places = places
            self.renamedFrom = renamedFrom
        }

        var digest: Digest {
            knownDigest.withLock { known in
                let digest = known ?? Digest(of: canonicalBytes)
                known = digest
                return digest
            }
        }

        var canonicalBytes: [UInt8] {
            switch body {
            case .manifest(let manifest): manifest.canonicalBytes
            case .text(let text, _): text
            }
        }

        var manifest: JSON {
            switch body {
            case .manifest(let manifest): manifest
            case .text(let text, _):
                knownManifest.withLock { known in
                    guard let manifest = known ?? (try? JSON(parsing: text, limits: Resource.limits)) else {
                        preconditionFailure("a manifest that was read cannot be read again: a bug in writ")
                    }
                    known = manifest
                    return manifest
                }
            }
        }

        var traits: ResourceTraits? {
            if case .text(_, let traits) = body { traits } else { nil }
        }
    }

    /// Of manifests that another process sends, which were within the limits of files when they were read.
    private static let limits: JSONLimits = {
        var limits = JSONLimits(depth: 128, bytes: .max, nodes: 4_000_000)
        limits.allowsNUL = true
        return limits
    }()

    package init(
        id: ResourceID, manifest: JSON, place: Place, places: Places = .none, renamedFrom: String? = nil
    ) {
        content = Content(
            id: id, body: .manifest(manifest), digest: nil, place: place, places: places, renamedFrom: renamedFrom)
    }

    /// With a digest that is already known.
    package init(
        id: ResourceID, manifest: JSON, digest: Digest, place: Place, places: Places = .none,
        renamedFrom: String? = nil
    ) {
        content = Content(
            id: id, body: .manifest(manifest), digest: digest, place: place, places: places, renamedFrom: renamedFrom)
    }

    /// From the bytes of a canonical manifest; nil for what no reading of manifests gives.
    package init?(reading text: [UInt8], place: Place, places: Places = .none, renamedFrom: String? = nil) {
        guard let manifest = try? JSON(parsing: text, limits: Self.limits),
            let kind = manifest["kind"]?.string.map(KindName.init(rawValue:)), KindCatalog[kind] != nil,
            let name = manifest["metadata"]?["name"]?.string
        else { return nil }
        content = Content(
            id: ResourceID(kind: kind, name: name), body: .text(text, ResourceTraits(kind, manifest)),
            digest: Digest(of: text), place: place, places: places, renamedFrom: renamedFrom)
    }

    package var id: ResourceID { content.id }
    /// Canonical: defaults left out, one way to write each value, included files with their text.
    package var manifest: JSON { content.manifest }
    /// The canonical manifest.
    package var canonicalBytes: [UInt8] { content.canonicalBytes }
    /// The same with the digest that is theirs: what somebody altered in a state is recorded with another one.
    package var canonical: (bytes: [UInt8], digest: Digest) {
        let bytes = content.canonicalBytes
        return (bytes, content.traits == nil ? Digest(of: bytes) : content.digest)
    }
    /// Of the canonical manifest's bytes.
    package var digest: Digest { content.digest }
    /// Where its document begins.
    package var place: Place { content.place }
    /// Where each of its values begins. Empty for what was read from state.
    package var places: Places { content.places }
    /// The former name that the manifest says; an instruction, and no part of what is recorded.
    package var renamedFrom: String? { content.renamedFrom }

    package static func == (left: Resource, right: Resource) -> Bool {
        if left.content === right.content { return true }
        return left.id == right.id && left.digest == right.digest && left.manifest == right.manifest
            && left.place == right.place && left.places == right.places && left.renamedFrom == right.renamedFrom
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(digest)
    }

    /// The typed spec; nil when this is another kind, or was recorded by a version with other fields.
    package func spec<Spec: Kind>(as kind: Spec.Type) -> Spec? {
        guard id.kind == kind.kindName, let spec = manifest["spec"] else { return nil }
        return kind.read(Node(json: spec), ManifestReading(path: place.path, source: .recorded))
    }

    package var metadata: Metadata? {
        guard let metadata = manifest["metadata"] else { return nil }
        return Metadata.read(Node(json: metadata), ManifestReading(path: place.path, source: .recorded))
    }

    /// Where the value that `pointer` names begins, or the nearest around it.
    package func place(of pointer: JSONPointer) -> Place {
        places.mark(of: pointer).map { Place(path: place.path, mark: $0) } ?? place
    }
}

/// Traits: known of what came as text, read from the manifest of everything else.
extension Resource {
    private var spec: JSON? { manifest["spec"] }

    /// Whether it must not be deleted, nor renamed away.
    package var isProtected: Bool { content.traits?.isProtected ?? ResourceTraits.isProtected(manifest) }

    /// As its canonical manifest says, which leaves defaults out.
    package var isSuspended: Bool { content.traits?.isSuspended ?? ResourceTraits.isSuspended(spec) }

    /// The resources that this one names, found by walking its manifest along the shape of its kind.
    package var references: [ReferenceUse] { content.traits?.references ?? ResourceTraits.references(id.kind, spec) }

    /// What it comes to at once, but for what the runs of others set off.
    package var reach: [ReachStep] { content.traits?.reach ?? ResourceTraits.reach(id.kind, spec) }

    /// Of a tool: whether a person must agree to each use that says nothing else.
    package var needsApproval: Bool { content.traits?.needsApproval ?? ResourceTraits.needsApproval(id.kind, spec) }

    /// Of a repository: the events that GitHub is kept to send, where they are named.
    package var sentEvents: [String]? {
        if let traits = content.traits { return traits.sentEvents }
        return id.kind == .repository ? ResourceTraits.sentEvents(id.kind, spec) : nil
    }

    /// Of a trigger, the agent or tool that it runs.
    package var target: ResourceID? { trait(\.target, TriggerOutline.target) }

    /// Of a trigger, what sets it off.
    package var sort: TriggerOutline.Sort? { trait(\.sort, TriggerOutline.sort) }

    /// When a trigger fires by the clock; nil for everything else. Read without the rest of its spec.
    package var schedule: Trigger.Schedule? { trait(\.schedule, TriggerOutline.schedule) }

    /// The same, and nil where it is suspended.
    package var activeSchedule: Trigger.Schedule? { isSuspended ? nil : schedule }

    /// Of a trigger, the repository whose events it hears.
    package var heardRepository: String? { trait(\.repository) { $0["webhook"]?["repository"]?.string } }

    /// Of a trigger, the runs that it listens to.
    package var listener: RunListener? { trait(\.listener) { RunListener(on: $0["on"]) } }

    private func trait<Value>(_ known: (TriggerOutline) -> Value?, _ read: (JSON) -> Value?) -> Value? {
        guard id.kind == .trigger else { return nil }
        if let traits = content.traits { return traits.trigger.flatMap(known) }
        return spec.flatMap(read)
    }
}
