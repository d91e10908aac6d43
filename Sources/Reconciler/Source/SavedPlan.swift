import Apply
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A plan in a file: the object of `plan -o json`. Applying it plans its commit again and refuses anything else than
/// what was saved, so that the file needs no trust.
struct SavedPlan {
    let commit: String
    let digest: Digest
    private let json: JSON

    private static let limit = 64 << 20

    init(_ plan: Plan) throws {
        guard let commit = plan.commit else { throw CommandFailure("only the plan of a commit can be saved") }
        self.commit = commit
        self.digest = plan.digest
        self.json = plan.json
    }

    init(readFrom path: String) throws {
        guard let bytes = SmallFile.read(path, limit: Self.limit) else {
            throw CommandFailure("cannot read the plan \(path): make one with `writ plan --out \(path)`")
        }
        do {
            json = try JSON(parsing: bytes, limits: JSONLimits(depth: 128, bytes: Self.limit, nodes: 4_000_000))
        } catch {
            throw CommandFailure("\(path) is not a saved plan: \(error)")
        }
        guard json["formatVersion"]?.string == "1", let commit = json["commit"]?.string,
            let digest = json["digest"]?.string.flatMap({ Digest($0) })
        else {
            throw CommandFailure("\(path) is not a saved plan of this version: make one with `writ plan --out \(path)`")
        }
        self.commit = commit
        self.digest = digest
    }

    /// The plan as `apply -o json` answers it where it is in force already.
    func unchanged(at revision: Int) -> JSON {
        var object = json.object ?? [:]
        object["applied"] = false
        object["revision"] = .number(JSONNumber(revision))
        return .object(object)
    }

    func write(to path: String) throws {
        let bytes = json.canonicalBytes + [UInt8(ascii: "\n")]
        guard let file = fopen(path, "wx") ?? fopen(path, "w") else {
            throw CommandFailure("cannot write the plan to \(path): \(String(cString: strerror(errno)))")
        }
        let written = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        guard fclose(file) == 0, written == bytes.count else {
            throw CommandFailure("cannot write the plan to \(path): \(String(cString: strerror(errno)))")
        }
    }
}
