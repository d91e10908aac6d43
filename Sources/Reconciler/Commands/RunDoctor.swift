import Apply
import ArgumentParser
import Runtime
import Server
import State
import Values

struct RunDoctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for what is wrong with the state, the repository and the machine, and say what to do.",
        discussion: "Changes nothing. Exits with 1 where there is a problem; warnings are worth knowing.")

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var secrets: SecretOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let findings = output.working("Looking") { self.findings() }
        let problems = findings.count { $0.status == .problem }
        if try output.isJSON {
            output.print([
                "formatVersion": Shapes.formatVersion, "healthy": .bool(problems == 0),
                "version": .string(BuildInfo.version), "checks": .array(findings.map(\.json)),
            ])
        } else {
            Terminal.result(findings.map(text).joined(separator: "\n"))
            output.talk(problems == 0 ? "No problems." : problems == 1 ? "1 problem." : "\(problems) problems.")
        }
        if problems > 0 { throw ExitCode.failure }
    }

    private func findings() -> [Finding] {
        let now = SystemTime.now()
        var findings = [Finding.ok("writ", BuildInfo.version)] + LibraryChecks.findings()
        var applied = AppliedState.empty
        var look: Observation?
        var past = TimeChecks.Past()
        var schedules: RecordedSchedules?
        var isServed = false
        do {
            let path = try RecordedState.path(source, state)
            findings += StateChecks.findings(path)
            isServed = StateReader.writer(ofStateAt: path) != nil
            // Where it cannot be opened, that was told above.
            if let reader = try? StateReader.open(at: path) {
                var reading = StateReading()
                applied = reading.value { try reader.appliedState() } ?? .empty
                look = reading.value { try reader.latestObservation() } ?? nil
                let event = reading.value { try reader.events(Page(limit: 1)).items.first?.receivedAt } ?? nil
                past.last = [event, applied.revision?.createdAt, look?.lastAt].compactMap { $0 }.max()
                let place = reading.value { try reader.furthestPlace() } ?? nil
                past.furthest = place.map { TimeChecks.Past.Furthest(trigger: $0.trigger, instant: $0.instant) }
                schedules = reading.value { try reader.recordedSchedules() }
                past.stranded =
                    reading.value { try reader.strandedWork(.runs, .deliveries, isServed: isServed, now: now).count }
                    ?? 0
                findings += reading.findings
            }
        } catch {
            // Where the state is follows from the repository, of which the next check tells.
        }
        findings += RepositoryChecks.findings(source, applied, look)
        findings += TimeChecks.findings(applied, past, isServed: isServed, now: now)
        findings += schedules.map { ScheduleChecks.findings($0, zones: SystemZones.database) } ?? []
        return findings + [SecretChecks.finding(applied, secrets, isServed: isServed)]
    }

    private func text(_ finding: Finding) -> String {
        let (word, colour): (String, Paint.Color) =
            switch finding.status {
            case .ok: ("ok     ", .green)
            case .warning: ("warning", .yellow)
            case .problem: ("problem", .red)
            }
        let head = "\(output.paint(colour, word))  \(finding.check): \(displayed(finding.message))"
        return finding.fix.map { "\(head)\n         fix: \(displayed($0))" } ?? head
    }
}
