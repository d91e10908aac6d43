import CLibGit2
import Crypto
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What libgit2 asks while it fetches, and what is answered.
final class FetchContext {
    private let url: RepositoryURL
    private let options: FetchOptions
    private let progress: (FetchProgress) -> Void
    private var attempts = 0
    /// Why it was ended from here; better than libgit2's word.
    private(set) var failure: GitError?

    /// Of one remote; more are no repository of manifests.
    private static let mostObjects: UInt32 = 5_000_000

    init(_ url: RepositoryURL, _ options: FetchOptions, _ progress: @escaping (FetchProgress) -> Void) {
        self.url = url
        self.options = options
        self.progress = progress
    }

    /// Lives as long as `self`.
    func install(in callbacks: inout git_remote_callbacks) {
        callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        callbacks.credentials = { result, _, _, allowed, payload in
            FetchContext.of(payload).login(result, allowed)
        }
        callbacks.certificate_check = { certificate, isValid, host, payload in
            FetchContext.of(payload).check(certificate, isValid == 1, host.map { String(cString: $0) } ?? "")
        }
        callbacks.transfer_progress = { stats, payload in
            FetchContext.of(payload).transferred(stats?.pointee ?? git_indexer_progress())
        }
        callbacks.sideband_progress = { _, _, payload in
            // What the server says is not shown; that it says something means that it lives.
            FetchContext.of(payload).alive()
        }
    }

    /// With what every request over HTTP has besides.
    ///
    /// A token is shown at once: libgit2 asks for it only after a refusal, takes the text of that for the next answer where
    /// it comes later than its head, and then nobody is let in.
    func withHeaders(_ body: (git_strarray) -> Int32) -> Int32 {
        guard case .token(let token) = options.credentials, url.scheme == .http || url.scheme == .https else {
            return body(git_strarray())
        }
        let login = Base64.text(Array("\(url.user ?? Self.anybody):\(token)".utf8))
        let header = strdup("Authorization: Basic \(login)")
        defer { free(header) }
        var headers = [header]
        return headers.withUnsafeMutableBufferPointer { body(git_strarray(strings: $0.baseAddress, count: $0.count)) }
    }

    /// Where the token says it all, any name will do.
    private static let anybody = "x-access-token"

    private static func of(_ payload: UnsafeMutableRawPointer?) -> FetchContext {
        guard let payload else { preconditionFailure("libgit2 lost what it was given: this is a bug in writ") }
        return Unmanaged<FetchContext>.fromOpaque(payload).takeUnretainedValue()
    }

    private func alive() -> Int32 {
        progress(last)
        return 0
    }

    private var last = FetchProgress()

    private func transferred(_ stats: git_indexer_progress) -> Int32 {
        last.received = Int(stats.received_objects)
        last.objects = Int(stats.total_objects)
        last.bytes = stats.received_bytes
        last.deltas = Int(stats.total_deltas)
        last.resolved = Int(stats.indexed_deltas)
        progress(last)
        if stats.received_bytes > options.limit || stats.total_objects > Self.mostObjects {
            return end(
                .tooLarge,
                "what \(url.text) sends is over the limit of \(options.limit >> 20) MiB or \(Self.mostObjects) objects:"
                    + " raise WRIT_FETCH_LIMIT, or keep the manifests in a repository of their own")
        }
        return 0
    }

    // MARK: Who asks

    private func login(_ result: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, _ allowed: UInt32)
        -> Int32
    {
        // libgit2 asks again after a refusal, without end.
        attempts += 1
        guard attempts == 1 else { return refused() }
        func allows(_ kind: git_credential_t) -> Bool { allowed & kind.rawValue != 0 }
        switch options.credentials {
        case .key(let key) where allows(GIT_CREDENTIAL_SSH_MEMORY):
            return git_credential_ssh_key_memory_new(result, url.user ?? "git", nil, key, nil)
        case .agent where allows(GIT_CREDENTIAL_SSH_KEY):
            return git_credential_ssh_key_from_agent(result, url.user ?? "git")
        default: return refused()
        }
    }

    private func refused() -> Int32 {
        let advice =
            switch (url.scheme, options.credentials) {
            case (.ssh, .none): "give a key with --credentials file:KEY, or start an ssh agent"
            case (.ssh, .agent):
                "no key of the ssh agent is let in there (an RSA key is not offered as SHA-2: take ed25519)"
            case (.ssh, .key):
                "the key is not let in there, has a passphrase (then use an ssh agent), or is an RSA one (take ed25519)"
            case (.ssh, .token): "give a private key, or use https"
            case (_, .none): "give a token with --credentials env:NAME or file:PATH"
            case (_, _): "the token is not let in there"
            }
        return end(.unauthorized, "\(url.text) wants to know who asks: \(advice)", GIT_EAUTH)
    }

    // MARK: Whom we ask

    private func check(_ certificate: UnsafeMutablePointer<git_cert>?, _ isValid: Bool, _ host: String) -> Int32 {
        if isValid { return 0 }
        let shown = escapedForDisplay(host, limit: 253)
        guard certificate?.pointee.cert_type == GIT_CERT_HOSTKEY_LIBSSH2 else {
            return end(
                .untrusted,
                "the certificate of \(shown) cannot be trusted: give the file of its authority with --ca-file, if it has"
                    + " one of its own", GIT_ECERTIFICATE)
        }
        let key = certificate.map { UnsafeRawPointer($0).assumingMemoryBound(to: git_cert_hostkey.self).pointee }
        return end(
            .untrusted,
            "the host key of \(shown) (\(key.map(Self.describe) ?? "unknown")) is not the one in known_hosts, or none is"
                + " there: compare it with what its operator says, then"
                + " `ssh-keyscan \(url.port.map { "-p \($0) " } ?? "")\(shown) >> ~/.ssh/known_hosts`",
            GIT_ECERTIFICATE)
    }

    private static func describe(_ key: git_cert_hostkey) -> String {
        let name =
            switch key.raw_type {
            case GIT_CERT_SSH_RAW_TYPE_RSA: "RSA"
            case GIT_CERT_SSH_RAW_TYPE_DSS: "DSS"
            case GIT_CERT_SSH_RAW_TYPE_KEY_ECDSA_256, GIT_CERT_SSH_RAW_TYPE_KEY_ECDSA_384,
                GIT_CERT_SSH_RAW_TYPE_KEY_ECDSA_521:
                "ECDSA"
            case GIT_CERT_SSH_RAW_TYPE_KEY_ED25519: "ED25519"
            default: "unknown kind"
            }
        guard key.type.rawValue & GIT_CERT_SSH_RAW.rawValue != 0, let start = key.hostkey else { return name }
        let bytes = UnsafeRawBufferPointer(start: start, count: key.hostkey_len)
        return "\(name) \(SSHKeyFingerprint.text(ofKey: bytes))"
    }

    private func end(_ code: GitError.Code, _ message: String, _ status: git_error_code = GIT_EUSER) -> Int32 {
        failure = failure ?? GitError(code, message)
        return status.rawValue
    }
}

/// As OpenSSH shows keys to people: `SHA256:` and Base64 without padding.
enum SSHKeyFingerprint {
    static func text(ofKey blob: some Sequence<UInt8>) -> String {
        let digest = SHA256.hash(data: Array(blob))
        return "SHA256:" + Base64.text(digest).prefix { $0 != "=" }
    }
}
