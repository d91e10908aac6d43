import Spec

/// Finds secrets when they are used: in the environment, or in files below the operator's secrets directory.
package struct SecretResolver: Sendable {
    private let environment: @Sendable (String) -> String?
    private let directory: String?

    package static let minimumCharacters = 8
    static let maximumBytes = 64 << 10

    /// - Parameters:
    ///   - environment: the value of an environment variable, `nil` where it is not set.
    ///   - directory: where secret files lie, which the service manager gives as `$CREDENTIALS_DIRECTORY`; without one
    ///     no file is a secret.
    package init(environment: @escaping @Sendable (String) -> String?, directory: String?) {
        self.environment = environment
        self.directory = directory
    }

    /// The secret, without the newline that ends a file.
    package func resolve(_ reference: SecretReference) throws(SecretError) -> String {
        let secret: String
        switch reference.source {
        case .environment(let name):
            guard let value = environment(name) else { throw SecretError(.missing, reference, "is not set") }
            guard value.utf8.count <= Self.maximumBytes else {
                throw SecretError(.tooLarge, reference, "is over \(Self.maximumBytes) bytes")
            }
            secret = Self.withoutLastNewline(value)
        case .file(let path):
            secret = try file(path, reference)
        }
        guard !secret.isEmpty else { throw SecretError(.empty, reference, "is empty") }
        guard secret.unicodeScalars.count >= Self.minimumCharacters else {
            throw SecretError(
                .tooShort, reference,
                "has under \(Self.minimumCharacters) characters, which is too short for a secret; use a longer one")
        }
        return secret
    }

    private func file(_ path: String, _ reference: SecretReference) throws(SecretError) -> String {
        guard let directory, !directory.isEmpty else {
            throw SecretError(
                .noDirectory, reference, "cannot be read: there is no secrets directory; name one with --secrets-dir")
        }
        let bytes: [UInt8]
        switch SecretFile.read(path, below: directory, limit: Self.maximumBytes) {
        case .bytes(let found): bytes = found
        case .missing: throw SecretError(.missing, reference, "is not in the secrets directory")
        case .tooLarge: throw SecretError(.tooLarge, reference, "is over \(Self.maximumBytes) bytes")
        case .refused:
            throw SecretError(
                .unreadable, reference, "is not a regular file below the secrets directory; links are not followed")
        case .failed(let why): throw SecretError(.unreadable, reference, "cannot be read: \(why)")
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw SecretError(.notText, reference, "is not UTF-8 text")
        }
        return Self.withoutLastNewline(text)
    }

    private static func withoutLastNewline(_ text: String) -> String {
        // CR LF is one character.
        text.last == "\n" || text.last == "\r\n" ? String(text.dropLast()) : text
    }
}
