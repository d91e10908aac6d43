import Synchronization
import Values

/// What manifests refer to outside themselves, looked up in one snapshot. For any thread.
final class SnapshotSurroundings: Sendable {
    private struct Work {
        /// By the bytes of their paths: git tells apart what looks alike, `é` in one code point and in two.
        var inclusions: [[UInt8]: Inclusion] = [:]
        /// Those that were looked over, nil where there is something to say about one.
        var plain: [String: PlainInclusion?] = [:]
        var plainBytes = 0
        var includedBytes = 0
        var files: [SourceFile] = []
        var failure: (any Error)?
    }

    /// Bytes of included files that are kept looked over, beside their texts.
    private static let plainLimit = 16 << 20

    private let snapshot: any Snapshot
    private let zones: ZoneDatabase
    private let limits: SnapshotLimits
    /// Entries that a walk came to, so that they are not looked for again from the root; in byte order of their paths.
    private let known: [SnapshotEntry]
    private let work = Mutex(Work())

    init(
        _ snapshot: any Snapshot, zones: ZoneDatabase, limits: SnapshotLimits, known: [SnapshotEntry] = []
    ) {
        self.snapshot = snapshot
        self.known = known
        self.zones = zones
        self.limits = limits
    }

    /// The included files, in the order in which they were first asked for.
    var files: [SourceFile] { work.withLock { $0.files } }

    /// The first error of the snapshot itself: the load fails with it, whatever else was found.
    var failure: (any Error)? { work.withLock { $0.failure } }

    func include(_ path: String) -> Inclusion {
        let key = Array(path.utf8)
        let (known, hasFailed) = work.withLock { ($0.inclusions[key], $0.failure != nil) }
        if let known { return known }
        if hasFailed { return .missing }
        // Outside of the lock, because it takes long; that two threads ask for one file at once is seldom.
        let fetched = Result { try fetch(path) }
        return work.withLock { work in
            if let known = work.inclusions[key] { return known }
            let inclusion: Inclusion
            do {
                inclusion = try take(try fetched.get(), &work)
            } catch {
                work.failure = work.failure ?? error
                inclusion = .missing
            }
            work.inclusions[key] = inclusion
            return inclusion
        }
    }

    /// The same, looked over; nil where somebody has to look closely.
    func includePlain(_ path: String) -> PlainInclusion? {
        if let known = work.withLock({ $0.plain[path] }) { return known }
        var plain: PlainInclusion?
        let isRoom = work.withLock { $0.plainBytes < Self.plainLimit }
        if isRoom, case .text(let text) = include(path) { plain = PlainInclusion(path: path, text: text) }
        work.withLock { work in
            work.plain[path] = .some(plain)
            work.plainBytes += plain?.canonical.count ?? 0
        }
        return plain
    }

    func checkZone(_ identifier: String) throws(ZoneError) {
        _ = try zones.zone(named: identifier)
    }

    private struct Fetched {
        let inclusion: Inclusion
        /// Where it was read.
        var file: SourceFile?
    }

    private func take(_ fetched: Fetched, _ work: inout Work) throws(SourceError) -> Inclusion {
        guard let file = fetched.file else { return fetched.inclusion }
        work.includedBytes += max(0, file.size)
        guard work.includedBytes <= limits.totalBytes else {
            throw .tooLarge(bytes: work.includedBytes, limit: limits.totalBytes)
        }
        work.files.append(file)
        return fetched.inclusion
    }

    private func fetch(_ path: String) throws -> Fetched {
        guard let entry = try entry(known: path) ?? snapshot.entry(at: path) else {
            return Fetched(inclusion: try blocked(path) ?? .missing)
        }
        switch entry.kind {
        case .symbolicLink:
            return Fetched(inclusion: .refused(.symbolicLink, "is a symbolic link, which writ does not follow"))
        case .submodule:
            return Fetched(inclusion: .refused(.submodule, "is a submodule, which writ does not read"))
        case .gitDirectory: return Fetched(inclusion: .missing)
        case .file: break
        }
        guard entry.size <= limits.fileBytes else {
            return Fetched(
                inclusion: .refused(.fileTooLarge, "has \(entry.size) bytes, over the limit of \(limits.fileBytes)"))
        }
        let bytes = try snapshot.contents(of: entry, limit: limits.fileBytes)
        return Fetched(
            inclusion: Self.inclusion(of: bytes),
            file: SourceFile(path: path, role: .included, blob: entry.blob, size: entry.size))
    }

    /// Why nothing is there that somebody sees in a checkout: a directory of the path is a link, or another repository's.
    private func blocked(_ path: String) throws -> Inclusion? {
        for slash in path.utf8.indices where path.utf8[slash] == UInt8(ascii: "/") {
            let directory = String(path[..<slash])
            switch try snapshot.entry(at: directory)?.kind {
            case .symbolicLink:
                return .refused(
                    .symbolicLink, "is below \(quoted(directory)), a symbolic link, which writ does not follow")
            case .submodule:
                return .refused(.submodule, "is below \(quoted(directory)), a submodule, which writ does not read")
            case .file, .gitDirectory, nil: continue
            }
        }
        return nil
    }

    private func entry(known path: String) -> SnapshotEntry? {
        var low = 0
        var high = known.count
        while low < high {
            let middle = low + (high - low) / 2
            if known[middle].path.utf8.lexicographicallyPrecedes(path.utf8) { low = middle + 1 } else { high = middle }
        }
        return low < known.count && known[low].path.hasSameBytes(as: path) ? known[low] : nil
    }

    private static func inclusion(of bytes: [UInt8]) -> Inclusion {
        if LFSPointer.matches(bytes) { return .refused(.lfsPointer, "is a Git LFS pointer, which writ does not fetch") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .refused(.notUTF8, "is not UTF-8 text")
        }
        guard !bytes.contains(0) else { return .refused(.controlCharacter, "holds a NUL character") }
        return .text(withPlainLineEnds(text))
    }

    /// As YAML reads its own lines: without a byte order mark, every line ended by a line feed (fault A26).
    private static func withPlainLineEnds(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.first == "\u{FEFF}" || text.utf8.contains(UInt8(ascii: "\r")) else { return text }
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

/// The same for one manifest file, which notes what the file asked for.
final class FileSurroundings: ManifestSurroundings {
    private let snapshot: SnapshotSurroundings
    /// In the order in which they were first asked for; few.
    private(set) var included: [String] = []

    init(_ snapshot: SnapshotSurroundings) {
        self.snapshot = snapshot
    }

    func include(_ path: String) -> Inclusion {
        note(path)
        return snapshot.include(path)
    }

    private func note(_ path: String) {
        if !included.contains(where: { $0.hasSameBytes(as: path) }) { included.append(path) }
    }

    func includePlain(_ path: String) -> PlainInclusion? {
        note(path)
        return snapshot.includePlain(path)
    }

    func knowsZone(_ identifier: String) -> Bool { (try? snapshot.checkZone(identifier)) != nil }

    func checkZone(_ identifier: String) throws(ZoneError) { try snapshot.checkZone(identifier) }
}

/// A file whose content lies in Git LFS, of which git holds a note only.
enum LFSPointer {
    private static let beginning = Array("version https://git-lfs.github.com/spec/".utf8)

    static func matches(_ bytes: [UInt8]) -> Bool { bytes.first == beginning.first && bytes.starts(with: beginning) }
}
