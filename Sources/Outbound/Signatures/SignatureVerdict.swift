/// What a check of a signature found. Only `valid` lets a message in.
package enum SignatureVerdict: String, Sendable, Hashable, CaseIterable {
    case valid
    /// There is no signature, or a header that belongs to it is not there.
    case missing
    /// There are several, and nobody knows which counts.
    case repeated
    /// The signature or its timestamp cannot be read.
    case malformed
    /// It was made with another secret or over another body.
    case wrong
    /// It was made too long ago, or in the future.
    case expired

    /// For the log and the sender: says nothing about secret or signature.
    package var message: String {
        switch self {
        case .valid: "the signature is valid"
        case .missing: "the request carries no signature"
        case .repeated: "the request carries its signature's header more than once"
        case .malformed: "the signature is malformed"
        case .wrong: "the signature does not match the body"
        case .expired: "the signature's timestamp is too far from now"
        }
    }
}
