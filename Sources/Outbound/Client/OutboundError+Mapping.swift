import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix

extension OutboundError {
    /// The libraries' many errors as one of ours.
    init(mapping error: any Error, of url: OutboundURL) {
        let origin = url.origin
        switch error {
        case let error as OutboundError:
            self = error
        case is CancellationError:
            self.init(.cancelled, "the request to \(origin) was given up")
        case let error as HTTPClientError:
            self.init(http: error, origin)
        case ChannelError.connectTimeout, is NIOConnectionError:
            self.init(.connect, "no connection to \(origin): nothing answered in time")
        case let error as IOError where Self.isBeforeConnection(error.errnoCode):
            self.init(.connect, "no connection to \(origin): \(Self.words(of: error.errnoCode))")
        case let error as IOError:
            self.init(.protocol, "the connection to \(origin) broke: \(Self.words(of: error.errnoCode))")
        default:
            self.init(other: error, origin)
        }
    }

    private init(http error: HTTPClientError, _ origin: String) {
        switch error {
        case .cancelled, .alreadyShutdown:
            self.init(.cancelled, "the request to \(origin) was given up")
        case .connectTimeout:
            self.init(.connect, "no connection to \(origin): nothing answered in time")
        case .tlsHandshakeTimeout:
            self.init(.tls, "no TLS connection to \(origin): the handshake took too long")
        case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout:
            self.init(.timeout, "no answer from \(origin) in time")
        case .remoteConnectionClosed:
            self.init(.protocol, "\(origin) closed the connection before its answer was complete")
        default:
            self.init(.protocol, "the exchange with \(origin) failed: \(error.shortDescription)")
        }
    }

    /// NIOSSL and the HTTP parser are no modules of this package's own: their errors are told by the type's name.
    private init(other error: any Error, _ origin: String) {
        let type = String(reflecting: Swift.type(of: error))
        let text = String(describing: error).unicodeScalars.prefix(300).filter { $0.value >= 0x20 && $0.value != 0x7F }
        let words = String(String.UnicodeScalarView(text))
        if type.hasPrefix("NIOSSL.") && !words.contains("uncleanShutdown") {
            self.init(.tls, "no trusted TLS connection to \(origin): \(words)")
        } else {
            self.init(.protocol, "\(origin) does not answer with whole and valid HTTP (\(words))")
        }
    }

    private static func isBeforeConnection(_ code: CInt) -> Bool {
        [ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EACCES, EPERM].contains(code)
    }

    private static func words(of code: CInt) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
