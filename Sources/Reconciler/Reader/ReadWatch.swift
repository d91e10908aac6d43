import Dispatch
import Git
import Synchronization
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Watches the reading from another thread: tells that the process is at work, and on what, and ends it where one
/// object or one answer takes too long. libgit2 cannot be stopped in any other way (faults B33, B52).
final class ReadWatch: Sendable {
    private struct Work {
        /// `nil` between two questions.
        var answerBegan: ContinuousClock.Instant?
        var what = ""
        /// The threads that read.
        var threads: [pthread_t] = []
        /// What libgit2 is at in each of them; the last one of each, also when it was read.
        var objects: [ObjectAtHand] = []
        /// Since when.
        var began: [ContinuousClock.Instant?] = []
        var told: ContinuousClock.Instant?

        /// What takes longest.
        var oldest: (object: ObjectAtHand, began: ContinuousClock.Instant)? {
            zip(objects, began).compactMap { object, began in began.map { (object, $0) } }.min { $0.1 < $1.1 }
        }
    }

    private let work = Mutex(Work())
    private let output: LineOutput
    private let limits: ReaderLimits
    private let queue = DispatchQueue(label: "writ.reader.watch")

    private static let beat = Duration.seconds(1)

    init(_ output: LineOutput, _ limits: ReaderLimits) {
        self.output = output
        self.limits = limits
        lookAgain()
    }

    func beginAnswer(_ what: String) {
        let now = ContinuousClock.now
        work.withLock { $0 = Work(answerBegan: now, what: what, told: now) }
    }

    func endAnswer() {
        work.withLock { $0 = Work() }
    }

    /// An object is going to be read by this thread; `nil`: it was.
    func object(_ object: ObjectAtHand?) {
        // The end of one needs no time.
        let now = object == nil ? nil : ContinuousClock.now
        let thread = pthread_self()
        work.withLock { work in
            guard work.answerBegan != nil else { return }
            let place = work.threads.firstIndex { pthread_equal($0, thread) != 0 }
            switch (object, place) {
            case (let object?, let place?):
                work.objects[place] = object
                work.began[place] = now
            case (let object?, nil):
                work.threads.append(thread)
                work.objects.append(object)
                work.began.append(now)
            case (nil, let place?): work.began[place] = nil
            case (nil, nil): break
            }
        }
    }

    private func lookAgain() {
        queue.asyncAfter(deadline: .now() + .milliseconds(200)) { [weak self] in
            self?.look()
            self?.lookAgain()
        }
    }

    private func look() {
        let now = ContinuousClock.now
        let (beat, problem) = work.withLock { work -> (String?, ReaderError?) in
            guard let answerBegan = work.answerBegan else { return (nil, nil) }
            let oldest = work.oldest
            if let object = oldest?.object ?? work.objects.last { work.what = object.description }
            // Before the first object it is the repository itself that is opened.
            let began = work.objects.isEmpty ? answerBegan : oldest?.began
            if let began, began.duration(to: now) > limits.stall {
                return (nil, ReaderTrouble.stalled(on: work.what, limits))
            }
            if answerBegan.duration(to: now) > limits.time { return (nil, ReaderTrouble.slow(limits)) }
            if let told = work.told, told.duration(to: now) < Self.beat { return (nil, nil) }
            work.told = now
            return (work.what, nil)
        }
        if let problem {
            try? output.put(ReaderMessage.error(problem).json.canonicalBytes, flush: true)
            _exit(EXIT_FAILURE)
        }
        if let beat { try? output.put(ReaderMessage.beat(beat).json.canonicalBytes, flush: true) }
    }
}

/// What is said when a repository cannot be read within the limits.
enum ReaderTrouble {
    static func stalled(on what: String, _ limits: ReaderLimits) -> ReaderError {
        ReaderError(
            .outOfTime,
            "\(what) could not be read within \(limits.stall.inSeconds): the repository is damaged there; run `git fsck`"
        )
    }

    static func slow(_ limits: ReaderLimits) -> ReaderError {
        ReaderError(
            .outOfTime,
            "reading the repository took longer than \(limits.time.inSeconds): keep the manifests in a directory of"
                + " their own and give it with --path, or raise WRIT_READ_TIMEOUT")
    }

    static func answerTooLong(_ limits: ReaderLimits) -> ReaderError {
        ReaderError(
            .overLimit,
            "what the manifests say, with the files that they include, is more than \(limits.answer >> 20) MiB")
    }
}
