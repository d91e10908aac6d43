import Values

/// What manifests refer to outside themselves, looked up in one snapshot.
final class SnapshotSurroundings: ManifestSurroundings {
    private let snapshot: any Snapshot
    private let zones: ZoneDatabase
    private let limits: SnapshotLimits
    private var inclusions: [String: Inclusion] = [:]
    private var includedBytes = 0
    /// The included files, in the order in which they were first asked for.
    private(set) var files: [SourceFile] = []
    /// What the file that is being read asked for.
    private(set) var includedByFile: Set<String> = []
    /// The first error of the snapshot itself: the load fails with it, whatever else was found.
    private(set) var failure: (any Error)?

    init(_ snapshot: any Snapshot, zones: ZoneDatabase, limits: SnapshotLimits) {
        self.snapshot = snapshot
        self.zones = zones
        self.limits = limits
    }

    /// Before the first document of a manifest file.
    func beginFile() { includedByFile = [] }

    func include(_ path: String) -> Inclusion {
        includedByFile.insert(path)
        if let known = inclusions[path] { return known }
        let inclusion: Inclusion
        do {
            inclusion = try fetch(path)
        } catch {
            failure = failure ?? error
            inclusion = .missing
        }
        inclusions[path] = inclusion
        return inclusion
    }

    func checkZone(_ identifier: String) throws(ZoneError) {
        _ = try zones.zone(named: identifier)
    }

    private func fetch(_ path: String) throws -> Inclusion {
        guard let entry = try snapshot.entry(at: path) else { return .missing }
        switch entry.kind {
        case .symbolicLink: return .refused(.symbolicLink, "is a symbolic link, which writ does not follow")
        case .submodule: return .refused(.submodule, "is a submodule, which writ does not read")
        case .file: break
        }
        guard entry.size <= limits.fileBytes else {
            return .refused(.fileTooLarge, "has \(entry.size) bytes, over the limit of \(limits.fileBytes)")
        }
        includedBytes += max(0, entry.size)
        guard includedBytes <= limits.totalBytes else {
            throw SourceError.tooLarge(bytes: includedBytes, limit: limits.totalBytes)
        }
        let bytes = try snapshot.contents(of: entry, limit: limits.fileBytes)
        files.append(SourceFile(path: path, role: .included, blob: entry.blob, size: entry.size))
        if LFSPointer.matches(bytes) { return .refused(.lfsPointer, "is a Git LFS pointer, which writ does not fetch") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .refused(.notUTF8, "is not UTF-8 text")
        }
        guard !text.utf8.contains(0) else { return .refused(.controlCharacter, "holds a NUL character") }
        return .text(Self.withPlainLineEnds(text))
    }

    /// As YAML reads its own lines: without a byte order mark, every line ended by a line feed (fault A26).
    private static func withPlainLineEnds(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.first == "\u{FEFF}" || scalars.contains("\r") else { return text }
        var plain = String.UnicodeScalarView()
        var isAfterReturn = false
        for scalar in scalars.first == "\u{FEFF}" ? scalars.dropFirst() : scalars[...] {
            if scalar == "\r" {
                plain.append("\n")
            } else if scalar != "\n" || !isAfterReturn {
                plain.append(scalar)
            }
            isAfterReturn = scalar == "\r"
        }
        return String(plain)
    }
}

/// A file whose content lies in Git LFS, of which git holds a note only.
enum LFSPointer {
    private static let beginning = Array("version https://git-lfs.github.com/spec/".utf8)

    static func matches(_ bytes: [UInt8]) -> Bool { bytes.starts(with: beginning) }
}
