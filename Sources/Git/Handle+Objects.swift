import CLibGit2

/// Reading and writing objects. Sizes come from the header, before anything is inflated (fault B38), and bytes only
/// through `git_odb_read`, which checks the hash; libgit2's streams do not (fault B35).
extension Handle {
    struct Header {
        let kind: ObjectKind
        let size: Int
    }

    /// `nil` when there is no such object. `what` names it in errors.
    func header(of id: ObjectID, what: @autoclosure @escaping @Sendable () -> String) throws(GitError) -> Header? {
        observer?(ObjectAtHand(id: id, what: what))
        defer { observer?(nil) }
        var oid = id.oid
        var size = 0
        var type = GIT_OBJECT_INVALID
        let status = git_odb_read_header(&size, &type, objects, &oid)
        if status == GIT_ENOTFOUND.rawValue { return nil }
        guard status == 0, let kind = ObjectKind(type) else {
            throw Self.damaged(id, what(), LibGit2.lastMessage())
        }
        guard size >= 0 else {
            throw GitError(.tooLarge, "\(what()) (object \(id.shortText)) claims to have over 2^63 bytes")
        }
        return Header(kind: kind, size: size)
    }

    /// The header of an object that a commit or a tree points to, which must be there and of that kind.
    func header(
        of id: ObjectID, expecting kind: ObjectKind, what: @autoclosure @escaping @Sendable () -> String
    ) throws(GitError) -> Header {
        guard let header = try header(of: id, what: what()) else { throw missing(id, what()) }
        guard header.kind == kind else {
            throw GitError(
                .corruptObject,
                "\(what()) is recorded as a \(kind.rawValue), but object \(id.shortText) is a \(header.kind.rawValue):"
                    + " the commit is damaged; run `git fsck` in the repository")
        }
        return header
    }

    /// The bytes of an object. Refuses, before reading, what is longer than `limit`.
    ///
    /// - Parameter known: its size, where its header was read before
    func bytes(
        of id: ObjectID, expecting kind: ObjectKind, limit: Int, known: Int? = nil,
        what: @autoclosure @escaping @Sendable () -> String
    ) throws(GitError) -> [UInt8] {
        let size: Int
        if let known { size = known } else { size = try header(of: id, expecting: kind, what: what()).size }
        guard size <= limit else {
            throw GitError(.tooLarge, "\(what()) has \(size) bytes, the limit is \(limit)")
        }
        observer?(ObjectAtHand(id: id, what: what))
        defer { observer?(nil) }
        var oid = id.oid
        var object: OpaquePointer?
        let status = git_odb_read(&object, objects, &oid)
        if status == GIT_ENOTFOUND.rawValue { throw missing(id, what()) }
        guard status == 0, let object else { throw Self.damaged(id, what(), LibGit2.lastMessage()) }
        defer { git_odb_object_free(object) }
        guard git_odb_object_size(object) == size, git_odb_object_type(object) == kind.type else {
            throw Self.damaged(id, what(), "its header does not fit its content")
        }
        guard size > 0, let start = git_odb_object_data(object) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: size))
    }

    func write(_ bytes: [UInt8], as kind: ObjectKind) throws(GitError) -> ObjectID {
        var oid = git_oid()
        let status = bytes.withUnsafeBytes {
            git_odb_write(&oid, objects, $0.baseAddress, $0.count, kind.type)
        }
        guard status == 0 else {
            throw GitError(
                .io, "a \(kind.rawValue) of \(bytes.count) bytes cannot be written to the repository",
                underlying: LibGit2.lastMessage())
        }
        return ObjectID(oid)
    }

    private func missing(_ id: ObjectID, _ what: String) -> GitError {
        GitError(
            .corruptObject,
            "\(what) is missing: object \(id.shortText) is not in the repository; run `git fsck`, or clone it again"
                + " without --filter")
    }

    private static func damaged(_ id: ObjectID, _ what: String, _ reason: String?) -> GitError {
        GitError(
            .corruptObject, "\(what) cannot be read: object \(id.shortText) is damaged; run `git fsck`",
            underlying: reason)
    }
}
