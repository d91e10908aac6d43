import Glibc
import NIOCore

/// An IPv4 or IPv6 address.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// 4 or 16, most significant first.
    package let bytes: [UInt8]

    /// `nil` unless there are 4 or 16 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads `192.0.2.1` or `2001:db8::1`; no short forms, zones or brackets.
    package init?(_ text: String) {
        let isPlain = text.utf8.count <= 45 && !text.utf8.contains(UInt8(ascii: "%"))
        guard isPlain, let address = try? SocketAddress(ipAddress: text, port: 0) else { return nil }
        let parsed = address.withSockAddr { pointer, size in
            IPAddress(socketAddress: UnsafeRawBufferPointer(start: pointer, count: size))
        }
        guard let parsed else { return nil }
        self = parsed
    }

    /// The address in a `sockaddr_in` or `sockaddr_in6` (ip(7), ipv6(7)); `nil` for other families.
    init?(socketAddress memory: UnsafeRawBufferPointer) {
        guard memory.count >= 2 else { return nil }
        switch Int32(memory.loadUnaligned(as: UInt16.self)) {
        case AF_INET where memory.count >= 8: self.init(bytes: Array(memory[4..<8]))
        case AF_INET6 where memory.count >= 24: self.init(bytes: Array(memory[8..<24]))
        default: return nil
        }
    }

    package var isIPv4: Bool { bytes.count == 4 }

    package var description: String {
        let address = try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0)
        return address?.ipAddress ?? bytes.map { String($0) }.joined(separator: ".")
    }
}
