import Spec

/// One line of a tree object, as it is stored.
struct TreeEntry: Hashable {
    enum Kind: Hashable {
        case directory, file, executable, symbolicLink, submodule
    }

    let kind: Kind
    let name: [UInt8]
    let id: ObjectID

    var isDirectory: Bool { kind == .directory }

    /// What a snapshot calls it; `nil` for directories.
    var snapshotKind: SnapshotEntry.Kind? {
        switch kind {
        case .directory: nil
        case .file, .executable: .file
        case .symbolicLink: .symbolicLink
        case .submodule: .submodule
        }
    }

    /// git's order: by bytes, a directory as if its name ended in a slash. Walking trees in this order visits
    /// whole paths in byte order.
    static func precedes(_ left: TreeEntry, _ right: TreeEntry) -> Bool {
        sortKey(left).lexicographicallyPrecedes(sortKey(right))
    }

    private static func sortKey(_ entry: TreeEntry) -> [UInt8] {
        entry.isDirectory ? entry.name + [UInt8(ascii: "/")] : entry.name
    }
}

extension TreeEntry.Kind {
    /// From the bits of a mode; git itself writes five of them, old versions wrote group-writable files too.
    init?(mode: UInt32) {
        switch mode {
        case 0o040000: self = .directory
        case 0o100644, 0o100664: self = .file
        case 0o100755: self = .executable
        case 0o120000: self = .symbolicLink
        case 0o160000: self = .submodule
        default: return nil
        }
    }

    var mode: String {
        switch self {
        case .directory: "40000"
        case .file: "100644"
        case .executable: "100755"
        case .symbolicLink: "120000"
        case .submodule: "160000"
        }
    }
}
