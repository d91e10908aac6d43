import Values

/// An event as it is stored: its texts are written where it arrived, and not while others wait for the disk.
struct StoredEvent: Sendable {
    let event: NewEvent
    /// Empty where it is stored as `packed`.
    let payload: [UInt8]
    let packed: PackedText?
    let headers: String
    let bodyDigest: String
    let decisions: String?

    /// Throws `tooLarge`.
    init(_ event: NewEvent) throws(StateError) {
        self.event = event
        let text = try StoredText.whole(event.payload.bytes, "the event's payload")
        packed = PackedText(text)
        payload = packed == nil ? text : []
        headers = try StoredText.whole(event.headers, "the list of the event's headers", limit: 256 << 10)
        bodyDigest = event.bodyDigest.text
        decisions = event.decisions.flatMap(StoredText.cappedListText)
    }
}

/// An arrival that is ready to be stored, or why it cannot be.
struct ReadyArrival: Sendable {
    let arrival: Arrival
    let stored: Result<StoredEvent, StateError>
    private(set) var runs: [StoredRun] = []

    init(_ arrival: Arrival) {
        self.arrival = arrival
        do throws(StateError) {
            let stored = try StoredEvent(arrival.event)
            for run in arrival.runs { runs.append(try StoredRun(run)) }
            self.stored = .success(stored)
        } catch {
            stored = .failure(error)
        }
    }
}

/// A run as it is stored.
struct StoredRun: Sendable {
    let run: NewRun
    let input: String?
    let manifestDigest: String?
    /// Where it waits if its agent or tool is called as it was.
    let lane: String

    /// Throws `tooLarge`.
    init(_ run: NewRun) throws(StateError) {
        self.run = run
        input = try StoredText.input(of: run)
        manifestDigest = run.manifestDigest?.text
        lane = run.target.lane
    }
}
