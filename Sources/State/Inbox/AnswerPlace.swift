/// Where the answers to what was stored together are made, such as an event loop. What is on the disk at once is handed
/// over at once: a place that rests is woken once a transaction, not once an event.
package struct AnswerPlace: Sendable {
    package typealias Work = @Sendable () -> Void

    /// The same for all that goes to the same place.
    let id: ObjectIdentifier
    private let execute: @Sendable (@escaping Work) -> Void

    /// - Parameter execute: has the work done there, later, and returns soon; called on any thread
    package init(_ place: some AnyObject & Sendable, execute: @escaping @Sendable (@escaping Work) -> Void) {
        id = ObjectIdentifier(place)
        self.execute = execute
    }

    package func put(_ work: @escaping Work) { execute(work) }
}

/// What is to be handed over, by its place.
struct GatheredAnswers {
    private var gathered: [ObjectIdentifier: (place: AnswerPlace, work: [AnswerPlace.Work])] = [:]

    mutating func add(_ work: @escaping AnswerPlace.Work, at place: AnswerPlace) {
        gathered[place.id, default: (place, [])].work.append(work)
    }

    func hand() {
        for (place, work) in gathered.values {
            place.put { for one in work { one() } }
        }
    }
}
