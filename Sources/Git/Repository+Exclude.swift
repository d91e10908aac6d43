#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Repository {
    /// Keeps what matches `pattern` (gitignore(5), one line) out of `git status`, for this clone only, through
    /// `info/exclude`. Does nothing when the line is there already.
    package func excludeFromStatus(_ pattern: String) throws(GitError) {
        try Self.excludeFromStatus(pattern, commonDirectory: commonDirectory)
    }

    /// The same for a repository that is not open here.
    package static func excludeFromStatus(_ pattern: String, commonDirectory: String) throws(GitError) {
        guard !pattern.isEmpty, !pattern.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "\n") }) else {
            throw GitError(.unsupported, "\(Revision.quote(pattern)) cannot be a line of info/exclude")
        }
        let directory = commonDirectory + "/info"
        let path = directory + "/exclude"
        let wanted = Array(pattern.utf8)
        let newline = UInt8(ascii: "\n")
        let present = FileStatus.exists(path) ? try FileDescriptor.contents(ofFileAt: path, limit: 1 << 20) : []
        guard !present.split(separator: newline).contains(where: { $0.elementsEqual(wanted) }) else { return }
        let addition = (present.isEmpty || present.last == newline ? [] : [newline]) + wanted + [newline]
        if !FileStatus.exists(directory) { mkdir(directory, 0o777) }
        guard FileDescriptor.append(addition, toFileAt: path) else {
            let reason = FileStatus.message()
            throw GitError(.io, "\(escapedForDisplay(path)) cannot be written", underlying: reason)
        }
    }
}
