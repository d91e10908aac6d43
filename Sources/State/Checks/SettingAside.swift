import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Takes what lies in a state's place aside, so that a restoration may be cut off between any two steps.
///
/// The log gets its new name beside the old one, and then the file is renamed: what has the new name has its log, and
/// from there on there is no state to begin with (`StateFile.exists`) until the old name of the log is gone and the
/// backup is in its place. Each step is on the disk before the next one.
struct SettingAside {
    private let file: StateFile
    private let log: String
    /// Whether a restoration ended after it had put something aside, and before the backup was in its place.
    private let isGoingOn: Bool

    /// To be asked before there is a draft of this restoration.
    init(_ file: StateFile) {
        self.file = file
        log = file.path + "-wal"
        isGoingOn = FileFacts(file.path) == nil && FileFacts(file.draftOfRestore) != nil
    }

    /// Leaves no file and no log in the state's place.
    ///
    /// - Returns: where that is now which was there before, or was before a restoration that was cut off
    func run(_ now: Instant) throws(StateError) -> String? {
        let others = try keptNames()
        try removeSpareNames(of: others)
        var kept = keptBefore(others)
        if kept == nil { kept = try moved(now) }
        for name in [log, file.path + "-shm"] {
            guard unlink(name) == 0 || errno == ENOENT else {
                throw StateError(.io, "\(name) cannot be removed", underlying: SystemMessage.current)
            }
        }
        try file.syncDirectory()
        return kept
    }

    private func moved(_ now: Instant) throws(StateError) -> String? {
        let hasFile = FileFacts(file.path) != nil
        let hasLog = FileFacts(log) != nil
        guard hasFile || hasLog else { return nil }
        let kept = unusedName(now)
        if hasLog {
            guard link(log, kept + "-wal") == 0 else {
                throw StateError(
                    .io,
                    "\(log) cannot have \(kept)-wal as a second name: nothing was changed; see whether its file system"
                        + " has hard links", underlying: SystemMessage.current)
            }
            try file.syncDirectory()
        }
        guard hasFile else { return kept + "-wal" }
        guard rename(file.path, kept) == 0 else {
            throw StateError(.io, "\(file.path) cannot be renamed", underlying: SystemMessage.current)
        }
        try file.syncDirectory()
        return kept
    }

    private func unusedName(_ now: Instant) -> String {
        let first = "\(file.path).before-\(now.rfc3339.filter { $0 != ":" })"
        var name = first
        var number = 1
        while FileFacts(name) != nil || FileFacts(name + "-wal") != nil {
            number += 1
            name = "\(first)-\(number)"
        }
        return name
    }

    /// Names that the log got from a restoration that ended before the file got one, too.
    private func removeSpareNames(of kept: [String]) throws(StateError) {
        guard let log = FileIdentity(log) else { return }
        for name in kept where FileFacts(name) == nil && FileIdentity(name + "-wal") == log {
            guard unlink(name + "-wal") == 0 else {
                throw StateError(.io, "\(name)-wal cannot be removed", underlying: SystemMessage.current)
            }
        }
    }

    /// What a restoration that was cut off put aside; nil if what is still here does not belong to it.
    private func keptBefore(_ names: [String]) -> String? {
        guard isGoingOn, let last = names.filter({ FileFacts($0) != nil }).max() else { return nil }
        guard let log = FileIdentity(log) else { return last }
        return FileIdentity(last + "-wal") == log ? last : nil
    }

    /// What was put aside by this and earlier restorations, and has a file or a log.
    private func keptNames() throws(StateError) -> [String] {
        guard let entries = opendir(file.directory) else {
            throw StateError(.io, "\(file.directory) cannot be read", underlying: SystemMessage.current)
        }
        defer { closedir(entries) }
        let start = Array("\(file.name).before-".utf8)
        var names: Set<String> = []
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard name.starts(with: start) else { continue }
            let stamp = String(decoding: name.dropFirst(start.count), as: UTF8.self)
            let own = stamp.hasSuffix("-wal") ? String(stamp.dropLast(4)) : stamp
            // Not the lock and the like that who opened it left beside it.
            if own.allSatisfy({ "0123456789-.TZ".contains($0) }) { names.insert("\(file.path).before-\(own)") }
        }
        return Array(names)
    }
}

extension StateFile {
    /// Without its directory.
    fileprivate var name: Substring { path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...] }
}
