import Outbound
import Runtime
import Server
import Spec
import State
import Values

// Server knows no part of Runtime but through protocols of its own: here they meet.

extension Inbox: HookReceiving {
    package func receive(
        _ endpoint: HookEndpoint, headers: [(name: String, value: String)], body: [UInt8]
    ) async -> HookAnswer {
        HookAnswer(
            await receiveTogether(
                endpoint: EventFacts.Endpoint(endpoint), headers: headers.map { ($0.name, $0.value) }, body: body))
    }

    package func receive(
        _ endpoint: HookEndpoint, headers: [(name: String, value: String)], body: [UInt8], at place: AnswerPlace,
        then: @escaping @Sendable (HookAnswer) -> Void
    ) {
        receiveTogether(
            endpoint: EventFacts.Endpoint(endpoint), headers: headers.map { ($0.name, $0.value) }, body: body, at: place
        ) { answer in
            then(HookAnswer(answer))
        }
    }
}

extension EventFacts.Endpoint {
    fileprivate init(_ endpoint: HookEndpoint) {
        switch endpoint {
        case .trigger(let name): self = .trigger(name)
        case .repository(let name): self = .repository(name)
        }
    }
}

extension HookAnswer {
    fileprivate init(_ answer: InboxAnswer) {
        switch answer {
        case .accepted(let event): self = .accepted(event: event)
        case .duplicate(let event): self = .duplicate(event: event)
        case .acceptedBatch(let events): self = .acceptedBatch(events: events)
        case .duplicateBatch(let events): self = .duplicateBatch(events: events)
        case .answered(let reply), .replied(_, let reply):
            self = .answered(contentType: reply.contentType, body: reply.body)
        case .unauthorized: self = .unauthorized
        case .unknown: self = .unknown
        case .badRequest(let detail): self = .badRequest(detail)
        case .conflict(let event): self = .conflict(event: event)
        case .conflictInBatch(let place, let event): self = .conflictInBatch(place: place, event: event)
        case .unsupportedEncoding: self = .unsupportedEncoding
        case .limited(let seconds): self = .limited(retryAfter: seconds)
        case .repeated(let seconds): self = .repeated(retryAfter: seconds)
        case .full(let detail), .unavailable(let detail): self = .unavailable(detail)
        }
    }
}

extension ManualRuns: ManualRunning {
    package func run(_ target: String, input: JSON?) async throws -> String {
        do {
            let id = try enqueue(try self.target(target), input: input)
            return try await wait(for: id).id
        } catch {
            throw ManualRunRefusal(error)
        }
    }
}

extension Replays: EventReplaying {
    package func takeAgain(_ event: String, to trigger: String?) throws -> (event: String, runs: [String]) {
        do {
            return try replay(event, to: trigger)
        } catch {
            throw ManualRunRefusal(error)
        }
    }
}

extension ManualRunRefusal {
    fileprivate init(_ error: RuntimeError) {
        let code: Code =
            switch error.code {
            case .notFound, .nothingApplied: .notFound
            case .badRequest, .suspended: .badRequest
            case .interrupted, .state: .unavailable
            }
        self.init(code, error.message)
    }
}

extension RuntimeCounts {
    /// What has happened since the process started, for `/metrics`.
    var families: [MetricFamily] {
        func labelled(_ counts: [String: Int], _ name: String) -> [MetricFamily.Sample] {
            counts.sorted { $0.key < $1.key }.map {
                MetricFamily.Sample(Double($0.value), [MetricFamily.Label(name, $0.key)])
            }
        }
        let refused = Refusal.allCases.map {
            MetricFamily.Sample(Double(eventsRefused[$0] ?? 0), [MetricFamily.Label("reason", $0.rawValue)])
        }
        return [
            MetricFamily(
                "writ_webhooks_accepted_total", .counter, "Webhooks stored by this process.", Double(eventsAccepted)),
            MetricFamily(
                "writ_webhooks_duplicate_total", .counter, "Webhooks seen before by their id.", Double(eventsDuplicate)),
            MetricFamily("writ_webhooks_refused_total", .counter, "Webhooks refused, by reason.", refused),
            MetricFamily(
                "writ_webhooks_unverified_total", .counter, "Requests to webhooks without a right signature.",
                labelled(unverified, "endpoint")),
            MetricFamily(
                "writ_webhooks_queue_full_total", .counter,
                "Requests that are to come again because as much waits as may.", labelled(queueFull, "queue")),
            MetricFamily(
                "writ_run_attempts_total", .counter, "Attempts of runs that ended, by outcome.",
                labelled(attempts, "outcome")),
            MetricFamily(
                "writ_sendings_total", .counter, "Sendings to channels, by outcome.", labelled(deliveries, "outcome")),
            MetricFamily(
                "writ_schedules_fired_total", .counter, "Instants of schedules that fired.", Double(schedulesFired)),
            MetricFamily(
                "writ_schedules_skipped_total", .counter, "Instants of schedules that were skipped.",
                Double(schedulesSkipped)),
            MetricFamily(
                "writ_schedule_lag_seconds", .gauge, "How late the last firing was.",
                Double(scheduleLag.milliseconds) / 1_000),
            MetricFamily("writ_runs_active", .gauge, "Runs that this process works on.", Double(runsActive)),
            MetricFamily(
                "writ_stuck_total", .counter, "Work that did not end when it was told to.", Double(stuck)),
        ]
    }
}

extension CircuitBreakers {
    /// Which hosts are left alone, for `/metrics`.
    var families: [MetricFamily] {
        [
            MetricFamily(
                "writ_circuit_open", .gauge, "Hosts that are left alone because they failed several times in a row.",
                open.map { MetricFamily.Sample(1, [MetricFamily.Label("host", $0.origin)]) }),
            MetricFamily(
                "writ_requests_held_total", .counter, "Requests that were not sent because their host is left alone.",
                Double(refusedCount)),
        ]
    }
}
