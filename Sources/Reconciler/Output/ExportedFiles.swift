import Server
import Spec
import State
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files of a repository that says what is in force.
struct ExportedFiles {
    /// By their paths from the repository's root.
    let files: [String: String]
    let conflicts: [String]
    let count: Int
    let revision: Int
    private let directory: String

    init(_ applied: AppliedState) throws {
        var writer = ManifestWriter(namesFiles: true)
        var documents: [String: [(place: Mark, text: String)]] = [:]
        for resource in applied.resources {
            let path = resource.place.path
            documents[path, default: []].append((resource.place.mark, writer.write(Resource(resource), at: path)))
        }
        var files = documents.mapValues { documents in
            documents.sorted { $0.place < $1.place }.map(\.text).joined(separator: "---\n")
        }
        files.merge(writer.files) { manifest, _ in manifest }
        directory = applied.revision?.directory ?? ""
        if let settings = applied.settings, settings != .standard {
            files[(directory.isEmpty ? "" : directory + "/") + Settings.fileName] = YAMLWriter.text(settings.json)
        }
        for path in files.keys where !Self.isInside(path) {
            throw CommandFailure("\(quoted(path)) is no path inside a directory: it cannot be exported")
        }
        self.files = files
        conflicts = writer.conflicts.sorted()
        count = applied.resources.count
        revision = applied.revision?.number ?? 0
    }

    /// All resources one after the other, each with the texts of its files in it.
    static func stream(_ applied: AppliedState) -> String {
        var writer = ManifestWriter(namesFiles: false)
        return applied.resources.map { writer.write(Resource($0), at: $0.place.path) }.joined(separator: "---\n")
    }

    private static func isInside(_ path: String) -> Bool {
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        return !path.utf8.contains(0)
            && names.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && $0.lowercased() != ".git" }
    }

    /// Into a directory that is new or empty.
    func write(to root: String) throws {
        if let entries = opendir(root) {
            defer { closedir(entries) }
            while let entry = readdir(entries) {
                let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                guard name == "." || name == ".." else {
                    throw CommandFailure("\(root) is not empty: give a new directory")
                }
            }
        } else if errno != ENOENT {
            throw CommandFailure("\(root) cannot be written to: \(String(cString: strerror(errno)))")
        }
        var made: [String] = []
        do {
            for (path, text) in files.sorted(by: { $0.key < $1.key }) {
                let file = "\(root)/\(path)"
                made += Paths.makeDirectories(above: file)
                try TextFile.create(text.utf8, at: file, what: "what is in force")
                made.append(file)
            }
        } catch {
            // Half a repository would plan as the deletion of the other half.
            for path in made.reversed() { remove(path) }
            throw error
        }
    }

    func json(_ root: String, altered: [ResourceID]) -> JSON {
        var object: JSONMembers = [
            "formatVersion": Shapes.formatVersion, "directory": .string(root),
            "revision": .number(JSONNumber(revision)), "resources": .number(JSONNumber(count)),
            "files": .array(files.keys.sorted().map(JSON.string)),
            "conflicts": .array(conflicts.map(JSON.string)),
        ]
        if !altered.isEmpty { object["altered"] = .array(altered.map { .string($0.description) }) }
        if !directory.isEmpty { object["path"] = .string(directory) }
        return .object(object)
    }
}
