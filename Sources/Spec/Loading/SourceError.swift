/// The repository cannot be read as a configuration at all. It never means "delete everything": nothing is planned.
package enum SourceError: Error, Hashable, CustomStringConvertible {
    /// The configured directory is not there.
    case noDirectory(String)
    /// There is not one manifest in it.
    case noManifests(String)
    /// There are some, and `writ.yaml` leaves them all out.
    case allLeftOut(String, count: Int)
    /// The files are too many bytes together.
    case tooLarge(bytes: Int, limit: Int)

    package var description: String {
        switch self {
        case .noDirectory(let path):
            "there is no directory \(quoted(path)) in the repository: check --path"
        case .noManifests(let path):
            "there is no manifest (*.yaml, *.yml) \(Self.place(path)): "
                + "nothing is planned from an empty source; check --path and --rev, or begin with `writ init`"
        case .allLeftOut(let path, let count):
            "`include` and `exclude` of \(quoted(Settings.path(below: path))) leave out"
                + " \(count == 1 ? "the only manifest" : "all \(count) manifests") \(Self.place(path)): nothing is planned"
                + " from an empty source; mend these patterns"
        case .tooLarge(let bytes, let limit):
            "the manifests have \(bytes >> 20) MiB together, over the limit of \(limit >> 20) MiB"
        }
    }

    private static func place(_ path: String) -> String {
        path.isEmpty ? "in the repository" : "below \(quoted(path))"
    }
}
