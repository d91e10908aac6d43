import Apply

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The summary of a job's step, which GitHub Actions takes from the file that `GITHUB_STEP_SUMMARY` names.
enum StepSummary {
    /// A summary over 1 MiB is dropped as a whole; the steps before may have written to the same file.
    private static let limit: Int64 = 1 << 20
    /// With less room than this a summary would say nothing of use.
    private static let leastRoom: Int64 = 64 << 10

    /// Adds a text to the summary.
    ///
    /// - Returns: why it could not be added, one clause
    static func append(_ text: (MarkdownLimit) -> String) -> String? {
        guard let path = Environment["GITHUB_STEP_SUMMARY"] else { return nil }
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { return "it cannot be opened: \(String(cString: strerror(errno)))" }
        defer { close(file) }
        let room = limit - Int64(max(0, lseek(file, 0, SEEK_END)))
        guard room >= leastRoom else { return "it is full" }
        Terminal.write("\n" + text(.summary(bytes: Int(room) - 1_024)), to: file)
        return nil
    }
}
