import Git
import Spec
import State

/// The libraries of the system: their versions, and what is known against them.
enum LibraryChecks {
    static func findings() -> [Finding] {
        [sqlite(StateCheckup.sqliteVersion()), git(GitLibrary.version), yaml(YAMLLibrary.version)]
    }

    private static func sqlite(_ version: String) -> Finding {
        guard isBefore(version, [3, 51, 3]) else { return .ok("sqlite", "SQLite \(version)") }
        return .warning(
            "sqlite",
            "SQLite \(version) can damage a log that two connections write at the same time (mended in 3.51.3)",
            fix: "Writ writes with one connection only; do not open the state for writing with another program"
                + " while it runs, and back up with `writ backup`")
    }

    private static func git(_ version: String) -> Finding {
        guard isBefore(version, [1, 6, 0]) else { return .ok("libgit2", "libgit2 \(version)") }
        return .warning(
            "libgit2", "libgit2 \(version) can hang on objects that were cut short, and overrun on lying ones",
            fix: "Writ reads repositories in a process of their own with limits, which ends then; nothing to do")
    }

    private static func yaml(_ version: String) -> Finding {
        guard isBefore(version, [0, 2, 5]) else { return .ok("libyaml", "libyaml \(version)") }
        return .problem(
            "libyaml", "libyaml \(version) is older than what Writ was tested with",
            fix: "install libyaml 0.2.5 or later")
    }

    private static func isBefore(_ version: String, _ other: [Int]) -> Bool {
        let numbers = version.split(separator: ".").map { Int($0) ?? 0 }
        return numbers.lexicographicallyPrecedes(other)
    }
}
