import Spec

/// Why a secret cannot be used. It names the reference and never anything of the secret.
package struct SecretError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        case missing
        /// The operator named no directory for secret files.
        case noDirectory
        /// There is something, but not a regular file below the directory that can be read.
        case unreadable
        case empty
        /// Under 8 characters: it could be guessed, and could not be told from other text where it must be hidden.
        case tooShort
        case tooLarge
        case notText
    }

    package let code: Code
    package let reference: SecretReference
    private let what: String

    init(_ code: Code, _ reference: SecretReference, _ what: String) {
        self.code = code
        self.reference = reference
        self.what = what
    }

    package var message: String { "\(reference) \(what)" }

    package var description: String { message }
}
