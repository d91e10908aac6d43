import Spec
import State
import Values

extension Baseline {
    /// What `GET /api/v1/baseline` answers and `writ baseline` prints (docs/formats.md).
    package var json: JSON {
        [
            "formatVersion": "1", "asOf": .string(asOf.rfc3339),
            "revision": .object(revisionJSON), "settings": settings.json,
            "resources": .array(resources.map(\.json)),
            "cursors": .array(
                cursors.values.sorted { $0.trigger < $1.trigger }.map { cursor in
                    [
                        "trigger": .string(cursor.trigger), "at": .string(cursor.instant.rfc3339),
                        "specDigest": .string(cursor.specDigest.text),
                    ]
                }),
            "runsInFlight": .object(JSONMembers(runsInFlight) { .number(JSONNumber($0)) }),
            "suspendedByHand": .array(suspensions.map(\.json)),
            "salt": .string(salt),
            "events": .array(recentEvents.map(\.json)),
        ]
    }

    private var revisionJSON: JSONMembers {
        var object: JSONMembers = [
            "number": .number(JSONNumber(revision)), "commit": .string(commit), "path": .string(directory),
        ]
        if followed != commit { object["followed"] = followed.map(JSON.string) }
        object["undoes"] = undoes.map { .number(JSONNumber($0.revision)) }
        return object
    }

    /// Nil for what no baseline of this version says.
    package init?(json: JSON) {
        guard json["formatVersion"] == "1", let asOf = Self.instant(json["asOf"]),
            let revision = json["revision"]?["number"]?.int, revision > 0,
            let commit = json["revision"]?["commit"]?.string,
            let directory = json["revision"]?["path"]?.string, let salt = json["salt"]?.string,
            let entries = Self.all(json["resources"], Entry.init(json:)),
            let cursors = Self.all(json["cursors"], Self.cursor),
            let inFlight = json["runsInFlight"]?.object,
            let suspensions = Self.all(.array(Self.suspensions(json)), HandSuspension.init(json:))
        else { return nil }
        let hash = ValueHash(salt: salt)
        guard let events = Self.all(json["events"], { HashedEvent(json: $0, hash: hash) }) else { return nil }
        let reading = ManifestReading(path: Settings.fileName, source: .recorded)
        guard let settings = json["settings"].flatMap({ Settings.read(Node(json: $0), reading) }) else { return nil }
        self.init(
            asOf: asOf, revision: revision, commit: commit, followed: json["revision"]?["followed"]?.string,
            directory: directory, undoes: json["revision"]?["undoes"]?.int.map { Undone(revision: $0, resource: nil) },
            settings: settings,
            resources: entries, cursors: Dictionary(cursors.map { ($0.trigger, $0) }) { first, _ in first },
            runsInFlight: inFlight.compactMapValues(\.int), suspensions: suspensions, salt: salt, recentEvents: events)
    }

    /// Earlier versions tell none, later ones perhaps of other fields too.
    private static func suspensions(_ json: JSON) -> [JSON] {
        (json["suspendedByHand"]?.array ?? []).filter { $0["field"]?.string == FieldOverride.suspension.label }
    }

    fileprivate static func instant(_ json: JSON?) -> Instant? { json?.string.flatMap { Instant(rfc3339: $0) } }

    /// Nil where one of a list cannot be read.
    private static func all<Item>(_ json: JSON?, _ read: (JSON) -> Item?) -> [Item]? {
        guard let list = json?.array else { return nil }
        let items = list.compactMap(read)
        return items.count == list.count ? items : nil
    }

    private static func cursor(_ json: JSON) -> ScheduleCursor? {
        guard let trigger = json["trigger"]?.string, let at = instant(json["at"]),
            let digest = json["specDigest"]?.string.flatMap({ Digest($0) })
        else { return nil }
        return ScheduleCursor(trigger: trigger, instant: at, specDigest: digest)
    }
}

extension Baseline.Entry {
    fileprivate var json: JSON {
        var object: JSONMembers = [
            "kind": .string(id.kind.rawValue), "name": .string(id.name), "digest": .string(digest.text),
            "path": .string(place.path), "line": .number(JSONNumber(place.mark.line)),
            "column": .number(JSONNumber(place.mark.column)),
        ]
        if isProtected { object["protect"] = true }
        return .object(object)
    }

    fileprivate init?(json: JSON) {
        guard let kind = json["kind"]?.string, let name = json["name"]?.string,
            let digest = json["digest"]?.string.flatMap({ Digest($0) }), let path = json["path"]?.string,
            let line = json["line"]?.int, let column = json["column"]?.int
        else { return nil }
        self.init(
            id: ResourceID(kind: KindName(rawValue: kind), name: name), digest: digest,
            place: Place(path: path, mark: Mark(line: line, column: column)), isProtected: json["protect"] == true)
    }
}

extension HashedEvent {
    var json: JSON {
        var object: JSONMembers = [
            "id": .string(id), "endpoint": .string(endpoint.text), "name": .string(name),
            "receivedAt": .string(receivedAt.rfc3339), "headers": headers,
        ]
        object["repository"] = repository.map(JSON.string)
        object["payload"] = payload
        return .object(object)
    }

    fileprivate init?(json: JSON, hash: ValueHash) {
        guard let id = json["id"]?.string, let endpoint = json["endpoint"]?.string.flatMap(Baseline.endpoint),
            let name = json["name"]?.string, let receivedAt = Baseline.instant(json["receivedAt"]),
            let headers = json["headers"]
        else { return nil }
        self.init(
            id: id, endpoint: endpoint, name: name, receivedAt: receivedAt, repository: json["repository"]?.string,
            headers: headers, payload: json["payload"], hash: hash)
    }
}
