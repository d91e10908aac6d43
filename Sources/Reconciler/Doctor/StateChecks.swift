import State
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The state's file, and the disk that it is on.
enum StateChecks {
    /// A log that is larger has a reader that does not end.
    private static let logLimit: Int64 = 256 << 20
    private static let diskProblem: UInt64 = 64 << 20
    private static let diskWarning: UInt64 = 1 << 30

    static func findings(_ path: String) -> [Finding] {
        var findings: [Finding] = []
        do {
            guard let checkup = try StateCheckup(path: path) else {
                return [.ok("state", "nothing was applied yet: there is no state at \(path)")] + disk(path)
            }
            findings.append(.ok("state", "\(path): \(checkup.bytes) bytes, schema \(checkup.schema)"))
            findings += contents(checkup, path)
        } catch {
            findings.append(
                .problem(
                    "state", "\(error.description)",
                    fix: "restore a backup (`writ restore FILE`), or see who owns the file and its directory"))
        }
        findings.append(writer(path))
        return findings + disk(path)
    }

    private static func contents(_ checkup: StateCheckup, _ path: String) -> [Finding] {
        var findings: [Finding] = []
        if checkup.schema < checkup.knownSchema {
            findings.append(
                .warning(
                    "schema",
                    "the state was written by an older version of writ (schema \(checkup.schema) of \(checkup.knownSchema))",
                    fix: "the next `writ apply` or `writ serve` brings it up to date"))
        }
        findings.append(
            checkup.damage.isEmpty
                ? .ok("integrity", "every page and every reference between rows is sound")
                : .problem(
                    "integrity", "the state is damaged: \(checkup.damage.prefix(3).joined(separator: "; "))",
                    fix: "stop writ, keep a copy of the file with its -wal, and restore a backup (`writ restore FILE`)")
        )
        findings.append(
            checkup.altered.isEmpty
                ? .ok("digests", "every recorded manifest is as it was recorded, and so are the settings")
                : .problem(
                    "digests",
                    "\(checkup.altered.count == 1 ? "1 recorded manifest or setting was" : "\(checkup.altered.count) recorded manifests or settings were")"
                        + " changed behind writ's back: \(checkup.altered.prefix(3).joined(separator: ", "))",
                    fix: "find out who writes to \(path), and restore a backup or apply anew"))
        if !checkup.misplaced.isEmpty {
            findings.append(
                .problem(
                    "force",
                    "behind writ's back something was taken out of force or put into it:"
                        + " \(checkup.misplaced.prefix(3).joined(separator: ", "))"
                        + (checkup.misplaced.count > 3 ? " and \(checkup.misplaced.count - 3) more" : ""),
                    fix: "find out who writes to \(path), and see `writ plan`; `writ apply` puts it right"))
        }
        if !checkup.alteredRecord.isEmpty {
            findings.append(
                .problem(
                    "record",
                    "the record of the files was changed behind writ's back: \(checkup.alteredRecord.joined(separator: ", "));"
                        + " until it is written anew, commits are read as a whole",
                    fix: "find out who writes to \(path), and write it anew with `writ apply`"))
        }
        if checkup.isOpenToOthers {
            findings.append(
                .warning("permissions", "other users can read the state", fix: "chmod 600 \(path)"))
        }
        if checkup.names > 1 {
            // SQLite's "How To Corrupt An SQLite Database File", 2.4.
            findings.append(
                .warning(
                    "links",
                    "the state has \(checkup.names) names (hard links): under another one it would have another log and"
                        + " another lock, and be damaged",
                    fix: "find the others with `find / -xdev -samefile \(path)`, and copy with `writ backup` instead"))
        }
        if checkup.journalMode != "wal" {
            findings.append(
                .warning(
                    "journal", "SQLite's journal is in mode \(checkup.journalMode), not wal",
                    fix: "the next `writ apply` or `writ serve` sets it"))
        }
        if checkup.logBytes > logLimit {
            findings.append(
                .problem(
                    "journal", "the log \(path)-wal has \(checkup.logBytes) bytes and is not written back",
                    fix: "end what reads the state for long, such as an open sqlite3 shell, and start writ again"))
        }
        return findings
    }

    private static func writer(_ path: String) -> Finding {
        guard let holder = StateReader.writer(ofStateAt: path) else {
            return .ok("writer", "nobody writes the state: `writ serve` does not run")
        }
        return .ok("writer", "the state is written by \(holder)")
    }

    private static func disk(_ path: String) -> [Finding] {
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var facts = statvfs()
        guard statvfs(directory, &facts) == 0 else { return [] }
        let (free, overflow) = UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize))
        let bytes = overflow ? UInt64.max : free
        let text = "\(bytes >> 20) MiB free in \(directory)"
        let fix = "make room: without any, events are refused and nothing can be applied"
        if bytes < diskProblem { return [.problem("disk", text, fix: fix)] }
        return [bytes < diskWarning ? .warning("disk", text, fix: fix) : .ok("disk", text)]
    }
}
