import Agents
import ArgumentParser
import Git
import Values

/// Who fetches: `env:NAME` or `file:PATH`, a token for https and a private key for ssh. Read when it is used.
struct CredentialsOption: ExpressibleByArgument, Hashable {
    private enum Source: Hashable {
        case variable(String)
        case file(String)
    }

    private let source: Source

    private static let longest = 64 << 10

    init?(argument: String) {
        guard let colon = argument.firstIndex(of: ":") else { return nil }
        let rest = String(argument[argument.index(after: colon)...])
        guard !rest.isEmpty else { return nil }
        switch argument[..<colon] {
        case "env": source = .variable(rest)
        case "file": source = .file(rest)
        default: return nil
        }
    }

    /// Throws what is wrong with it, never what it is.
    func read(for url: RepositoryURL) throws -> FetchCredentials {
        let (text, name) = try text()
        guard url.scheme != .ssh else {
            guard text.contains("PRIVATE KEY-----") else {
                throw CommandFailure("--credentials: \(name) is no private key, which ssh needs")
            }
            return .key(text)
        }
        let token = String(text.reversed().drop { $0.isNewline }.reversed())
        guard token.unicodeScalars.count >= SecretResolver.minimumCharacters,
            token.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
        else {
            throw CommandFailure(
                "--credentials: \(name) is no token: one line without spaces, of \(SecretResolver.minimumCharacters)"
                    + " characters or more")
        }
        return .token(token)
    }

    private func text() throws -> (String, String) {
        switch source {
        case .variable(let name):
            guard let value = Environment[name] else {
                throw CommandFailure("--credentials: the environment variable \(escapedForDisplay(name)) is not set")
            }
            return (value, "the environment variable \(escapedForDisplay(name))")
        case .file(let path):
            guard let bytes = SmallFile.read(path, limit: Self.longest), !bytes.contains(0),
                let text = String(validating: bytes, as: UTF8.self)
            else {
                throw CommandFailure(
                    "--credentials: \(escapedForDisplay(path)) cannot be read, or is no text of up to \(Self.longest) bytes"
                )
            }
            return (text, "the file \(escapedForDisplay(path))")
        }
    }
}
