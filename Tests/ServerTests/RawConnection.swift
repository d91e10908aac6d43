import NIOCore
import NIOPosix

/// Sends bytes as they are and gives back what comes until the other side closes.
enum RawConnection {
    /// - Parameter rest: sent when the first bytes have come
    static func exchange(port: Int, _ parts: [String], afterFirstAnswer rest: String? = nil) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            for part in parts {
                // The other side may close before it has all of it.
                do { try await outbound.write(ByteBuffer(string: part)) } catch { break }
            }
            var text = ""
            // A reset ends the conversation as well.
            do {
                for try await part in inbound {
                    if text.isEmpty, let rest { try? await outbound.write(ByteBuffer(string: rest)) }
                    text += String(buffer: part)
                }
            } catch {}
            return text
        }
    }
}
