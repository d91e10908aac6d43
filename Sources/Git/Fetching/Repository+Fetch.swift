import CLibGit2

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Repository {
    /// Makes this repository, a bare one, have the branches and tags of another, and its HEAD. Those that are gone there
    /// go here too. Where a branch is forced back, it is so here.
    ///
    /// Redirects are followed within a host, whatever the port, as libgit2 does; to another one only where there is no credential that would go there too.
    /// Nothing about the remote is written down, neither its URL nor who asks.
    ///
    /// Throws `unreachable`, `unauthorized`, `untrusted`, `tooLarge`, and what opening throws for one on this machine.
    ///
    /// - Parameter progress: called from within libgit2, often
    package func fetch(
        from url: RepositoryURL, _ options: FetchOptions, progress: @escaping (FetchProgress) -> Void
    ) throws(GitError) {
        // libgit2 follows alternates and looks at no owner.
        if url.scheme == .file { _ = try Self.open(at: url.path, trustOwner: options.trustOwner) }
        let context = FetchContext(url, options, progress)
        let status = withExtendedLifetime(context) {
            fetching(url, options, context)
        }
        guard status != 0 else { return }
        if let failure = context.failure { throw failure }
        throw FetchFailure.error(status, url)
    }

    private func fetching(_ url: RepositoryURL, _ options: FetchOptions, _ context: FetchContext) -> Int32 {
        withLockedHandle { handle in
            var remote: OpaquePointer?
            var status = git_remote_create_anonymous(&remote, handle.repository, url.fetched)
            guard status == 0 else { return status }
            defer { git_remote_free(remote) }
            var settings = git_fetch_options()
            status = git_fetch_options_init(&settings, UInt32(GIT_FETCH_OPTIONS_VERSION))
            guard status == 0 else { return status }
            context.install(in: &settings.callbacks)
            settings.prune = GIT_FETCH_PRUNE
            settings.update_fetchhead = 0
            settings.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
            settings.proxy_opts.type = GIT_PROXY_AUTO
            settings.follow_redirects =
                options.followsElsewhere ? GIT_REMOTE_REDIRECT_INITIAL : GIT_REMOTE_REDIRECT_NONE
            status = context.withHeaders { headers in
                settings.custom_headers = headers
                return Self.download(remote, &settings)
            }
            settings.custom_headers = git_strarray()
            guard status == 0 else { return status }
            defer { git_remote_disconnect(remote) }
            // Before the new ones come: where a branch was, another may have it as its directory.
            status = git_remote_prune(remote, &settings.callbacks)
            guard status == 0 else { return status }
            status = git_remote_update_tips(remote, &settings.callbacks, 0, GIT_REMOTE_DOWNLOAD_TAGS_NONE, "fetch")
            guard status == 0 else { return status }
            return Self.takeHead(of: remote, into: handle.repository)
        }
    }

    private static func download(_ remote: OpaquePointer?, _ settings: inout git_fetch_options) -> Int32 {
        let refspecs: [String] = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]
        var words = refspecs.map { strdup($0) }
        defer { for word in words { free(word) } }
        return words.withUnsafeMutableBufferPointer { buffer in
            var list = git_strarray(strings: buffer.baseAddress, count: buffer.count)
            return git_remote_download(remote, &list, &settings)
        }
    }

    /// Where the remote does not say which branch its HEAD is on, ours stays.
    private static func takeHead(of remote: OpaquePointer?, into repository: OpaquePointer?) -> Int32 {
        var name = git_buf()
        defer { git_buf_dispose(&name) }
        let status = git_remote_default_branch(&name, remote)
        if status == GIT_ENOTFOUND.rawValue { return 0 }
        guard status == 0, let text = name.ptr else { return status }
        return git_repository_set_head(repository, text)
    }
}

extension FetchOptions {
    fileprivate var followsElsewhere: Bool {
        if case .none = credentials { true } else { false }
    }
}

/// Certificates that are trusted instead of the system's.
package enum TrustedCertificates {
    /// For all that this process fetches. Throws `untrusted` where the file holds none.
    package static func use(fileAt path: String) throws(GitError) {
        try LibGit2.start()
        guard LibGit2.setCertificates(path) == 0 else {
            throw GitError(
                .untrusted, "\(escapedForDisplay(path)) holds no certificates in PEM that can be read",
                underlying: LibGit2.lastMessage())
        }
    }
}
