#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Who applies: the name that goes into the history.
enum Actor {
    static var current: String {
        if let actor = Environment["WRIT_ACTOR"] ?? Environment["GITHUB_ACTOR"] { return actor }
        guard let entry = getpwuid(geteuid()) else { return "uid \(geteuid())" }
        return String(cString: entry.pointee.pw_name)
    }
}
