import Logging
import ServiceLifecycle
import State

/// Tells when the state's write-ahead log grows: somebody reads the state for hours, which keeps it from being written
/// back (fault D79).
struct LogAlarm: Service {
    let reader: StateReader
    let logger: Logger

    /// Bytes from which on it is told.
    static let limit: Int64 = 256 << 20
    private static let interval = Duration.seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var told: Int64 = 0
            while !Task.isCancelled {
                let size = reader.sizes.log
                if let message = Self.message(size, told: &told) { logger.warning("\(message)") }
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        }
    }

    /// Nil for a size that is fine, or was told of: again where it has doubled since, or was fine in between.
    static func message(_ size: Int64, told: inout Int64) -> String? {
        guard size >= limit else {
            told = 0
            return nil
        }
        guard size / 2 >= told else { return nil }
        told = size
        return "the log of the state has grown to \(size >> 20) MiB: find who reads the state for so long, and end that"
    }
}
