import Logging
import ServiceLifecycle

/// Runs services while `body` does, shuts them down gracefully and waits for their end.
func running<Result: Sendable>(
    _ services: any Service..., body: @Sendable (ServiceGroup) async throws -> Result
) async throws -> Result {
    let group = ServiceGroup(
        configuration: ServiceGroupConfiguration(
            services: services.map { .init(service: $0) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        let result: Result
        do {
            result = try await body(group)
        } catch {
            tasks.cancelAll()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return result
    }
}
