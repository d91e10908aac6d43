/// What can be read of a manifest with mistakes, gathered while it is read.
struct Salvage {
    /// By their ways: fields that could be read for themselves.
    private(set) var members: [[String]: CanonicalMember] = [:]
    /// Ways to what may be anything once the mistakes are mended: fields that are missing, exclude each other or break a rule.
    private(set) var doubtful: Set<[String]> = []
    /// Whether the mend may bring fields that are not there: a field has a name that nobody knows.
    var admitsMore = false

    mutating func keep(_ member: CanonicalMember, at way: [String], isWritten: Bool) {
        if case .missing = member {
            // What is written and cannot be read is found by looking for what is not kept.
            if !isWritten { doubtful.insert(way) }
        } else {
            members[way] = member
        }
    }

    mutating func doubt(_ way: [String]) { doubtful.insert(way) }
}
