import CLibGit2

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Repository {
    /// How many packs the repository has; each fetch that brings something adds one.
    package func packCount() -> Int { packs().count }

    /// Puts all that branches and tags reach into one pack, and removes the packs before it: what nothing reaches any
    /// more is gone then. Readers that had them open find their objects in the new one when they look again.
    ///
    /// - Parameter progress: called often
    package func packTogether(progress: @escaping () -> Void) throws(GitError) {
        let old = packs()
        let written: String? = try withHandle { (handle) throws(GitError) -> String? in
            try Self.pack(handle.repository, progress)
        }
        guard let written, !old.isEmpty else { return }
        for name in old where name != "pack-\(written)" {
            // Without its index a pack is not looked at any more.
            for end in ["idx", "pack"] { unlink("\(packDirectory)/\(name).\(end)") }
        }
    }

    /// Whether HEAD can be read and every branch and tag names an object that is here. What a fetch would not bring
    /// again, because the names say that it is here, is missed otherwise.
    package func hasItsTips() -> Bool {
        let found: Bool? = try? withHandle { (handle) throws(GitError) -> Bool in
            var head: OpaquePointer?
            guard git_reference_lookup(&head, handle.repository, "HEAD") == 0 else { return false }
            git_reference_free(head)
            var iterator: OpaquePointer?
            guard git_reference_iterator_new(&iterator, handle.repository) == 0 else { return false }
            defer { git_reference_iterator_free(iterator) }
            var name: UnsafePointer<CChar>?
            while git_reference_next_name(&name, iterator) == 0, let reference = name {
                var id = git_oid()
                guard git_reference_name_to_id(&id, handle.repository, reference) == 0,
                    git_odb_exists(handle.objects, &id) == 1
                else { return false }
            }
            return true
        }
        return found ?? false
    }

    private var packDirectory: String { commonDirectory + "/objects/pack" }

    /// Names without their ends.
    private func packs() -> [String] {
        guard let directory = FileDescriptor.open(packDirectory, directory: true),
            let names = directory.names(limit: 100_000)
        else { return [] }
        return names.compactMap { name in
            let text = String(decoding: name, as: UTF8.self)
            return text.hasPrefix("pack-") && text.hasSuffix(".pack") ? String(text.dropLast(5)) : nil
        }
    }

    private static func pack(
        _ repository: OpaquePointer?, _ progress: @escaping () -> Void
    ) throws(GitError) -> String? {
        var builder: OpaquePointer?
        var walk: OpaquePointer?
        defer {
            git_revwalk_free(walk)
            git_packbuilder_free(builder)
        }
        let told = Told(progress)
        guard git_packbuilder_new(&builder, repository) == 0, git_revwalk_new(&walk, repository) == 0,
            git_packbuilder_set_callbacks(
                builder,
                { _, _, _, payload in
                    Told.of(payload)
                    return 0
                }, Unmanaged.passUnretained(told).toOpaque()) == 0,
            try insertAll(repository, builder, walk), git_packbuilder_insert_walk(builder, walk) == 0,
            git_packbuilder_write(
                builder, nil, 0,
                { _, payload in
                    Told.of(payload)
                    return 0
                }, Unmanaged.passUnretained(told).toOpaque()) == 0
        else {
            throw GitError(.io, "the packs of the cache cannot be put together", underlying: LibGit2.lastMessage())
        }
        return withExtendedLifetime(told) { git_packbuilder_name(builder).map { String(cString: $0) } }
    }

    /// Commits go to the walk; what else a reference names, such as a signed tag, into the pack as it is.
    private static func insertAll(
        _ repository: OpaquePointer?, _ builder: OpaquePointer?, _ walk: OpaquePointer?
    ) throws(GitError) -> Bool {
        var iterator: OpaquePointer?
        guard git_reference_iterator_new(&iterator, repository) == 0 else { return false }
        defer { git_reference_iterator_free(iterator) }
        var name: UnsafePointer<CChar>?
        while git_reference_next_name(&name, iterator) == 0, let found = name {
            var id = git_oid()
            guard git_reference_name_to_id(&id, repository, found) == 0 else { continue }
            var commit: OpaquePointer?
            if git_commit_lookup(&commit, repository, &id) == 0 {
                git_commit_free(commit)
                guard git_revwalk_push(walk, &id) == 0 else { return false }
            } else {
                guard git_packbuilder_insert_recur(builder, &id, nil) == 0 else { return false }
            }
        }
        return true
    }

    /// A closure as libgit2 carries it.
    private final class Told {
        private let body: () -> Void

        init(_ body: @escaping () -> Void) { self.body = body }

        static func of(_ payload: UnsafeMutableRawPointer?) {
            guard let payload else { return }
            Unmanaged<Told>.fromOpaque(payload).takeUnretainedValue().body()
        }
    }
}
