import Foundation
import State
import TestSupport
import Testing
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A service that ends without a word, again and again, while events come in.
///
/// `make test` does so a few times, `make torture` 200 times.
@Suite("Torture", .serialized)
struct TortureTests {
    private static let crashes =
        ProcessInfo.processInfo.environment["WRIT_TORTURE_CRASHES"].flatMap { Int($0) } ?? 5

    /// Waits until nothing is left to do.
    private func settled(_ serve: ServeProcess) async throws {
        try await waitUntil("the end of all runs", timeout: .seconds(600)) {
            let runs = try await serve.json("/api/v1/status").value(atPath: "queue.runs")?.object ?? [:]
            return ["queued", "running"].allSatisfy { (runs[$0]?.int ?? 0) == 0 }
        }
    }

    /// What was under way in three of many crashes was given up as what may cause them (fault E91).
    ///
    /// - Returns: how many there were
    private func retryGivenUp(_ fleet: Fleet, _ serve: ServeProcess) async throws -> Int {
        let runs = try await fleet.json("runs", "--state", "discarded")["items"]?.array ?? []
        for id in runs.compactMap({ $0["id"]?.string }) {
            let result = try await fleet.writ("runs", "retry", id)
            #expect(result.status == 0, "\(result)")
        }
        try await settled(serve)
        return runs.count
    }

    @Test("Killed at any moment, it loses and doubles no event that it acknowledged (faults D73, E89, F118)")
    func kills() async throws {
        let fleet = try EventStorm.fleet()
        _ = try await fleet.json("apply")
        let storm = EventStorm()
        let last = try await storm.blow { () -> ServeProcess in
            for _ in 0..<Self.crashes {
                let serve = try await fleet.serve()
                let before = storm.acknowledged
                let wanted = before + Int.random(in: 0...25)
                storm.target = serve.url
                try await waitUntil("\(wanted) events", timeout: .seconds(60)) { storm.acknowledged >= wanted }
                // Others are under way at this moment.
                storm.target = nil
                try await serve.crash()
            }
            let serve = try await fleet.serve()
            storm.target = serve.url
            let wanted = storm.acknowledged + 20
            try await waitUntil("the last events", timeout: .seconds(60)) { storm.acknowledged >= wanted }
            return serve
        }
        try await settled(last)
        let given = try await retryGivenUp(fleet, last)
        #expect(try await last.terminate() == 0)
        let figures = try storm.verify(fleet.statePath)
        #expect(figures.states.keys.allSatisfy { $0 == "succeeded" }, "\(figures)")
        print("killed \(Self.crashes) times: \(figures), \(given) of them given up and queued again by hand")
    }

    /// Until events are refused.
    private func fill(_ disk: SmallDisk, _ storm: EventStorm, _ serve: ServeProcess) async throws {
        try disk.fill()
        let refused = storm.refused
        try await waitUntil("a refusal", timeout: .seconds(60)) { storm.refused > refused + 3 }
        #expect(try await serve.get("/healthz").status == 503)
    }

    /// Until events are taken again.
    private func free(_ disk: SmallDisk, _ storm: EventStorm) async throws {
        try disk.free()
        let wanted = storm.acknowledged + 5
        try await waitUntil("more events", timeout: .seconds(60)) { storm.acknowledged >= wanted }
    }

    @Test(
        "A full disk refuses what it cannot store, and goes on when there is space (faults D76, F118)",
        .enabled(if: SmallDisk.isPossible, "needs the right to mount a file system"), .timeLimit(.minutes(15)))
    func fullDisk() async throws {
        let disk = try SmallDisk(kilobytes: 24_576)
        let fleet = try EventStorm.fleet()
        let path = disk.path + "/state.db"
        let storm = EventStorm()
        let serve = try await fleet.serve("--state", path)
        try await serve.logged("applied a revision")
        try await serve.orItsLog {
            try await storm.blow {
                storm.target = serve.url
                try await waitUntil("some events", timeout: .seconds(60)) { storm.acknowledged >= 5 }
                for _ in 0..<3 {
                    try await fill(disk, storm, serve)
                    // Reading goes on, and the alarm itself is recorded, in space that was held back for it.
                    try await waitUntil("the alarm", timeout: .seconds(60)) {
                        let status = try await serve.get("/api/v1/status")
                        #expect(status.status == 200)
                        guard let alarm = try JSON(parsing: status.text)["alarms"]?.array?.first else { return false }
                        return alarm["name"] == "diskFull" && alarm["endedAt"] == nil
                    }
                    try await free(disk, storm)
                    try await waitUntil("health", timeout: .seconds(60)) {
                        try await serve.get("/healthz").status == 200
                    }
                }
            }
        }
        try await serve.orItsLog { try await settled(serve) }
        #expect(try await serve.terminate() == 0)
        #expect(!FileManager.default.fileExists(atPath: path + ".reserve"))
        let figures = try storm.verify(path)
        #expect(figures.states.keys.allSatisfy { $0 == "succeeded" }, "\(figures)")
        print("a full disk, three times: \(storm.refused) refusals, \(figures)")
    }

    @Test(
        "A disk that never had space to hold some back is told to be full, and not for ever (fault D76)",
        .enabled(if: SmallDisk.isPossible, "needs the right to mount a file system"), .timeLimit(.minutes(5)))
    func narrowDisk() async throws {
        let disk = try SmallDisk(kilobytes: 12_288)
        let storm = EventStorm()
        let serve = try await EventStorm.fleet().serve("--state", disk.path + "/state.db")
        func isAlarmed() async throws -> Bool {
            try await serve.get("/metrics").text.contains("writ_alarm{name=\"diskFull\"} 1")
        }
        try await serve.logged("applied a revision")
        try await serve.orItsLog {
            try await storm.blow {
                storm.target = serve.url
                try await waitUntil("some events", timeout: .seconds(60)) { storm.acknowledged >= 5 }
                #expect(try await !isAlarmed())
                try await fill(disk, storm, serve)
                try await waitUntil("the alarm", timeout: .seconds(60)) { try await isAlarmed() }
                try await free(disk, storm)
                try await waitUntil("health", timeout: .seconds(60)) {
                    guard try await !isAlarmed() else { return false }
                    return try await serve.get("/healthz").status == 200
                }
            }
            try await settled(serve)
        }
        #expect(try await serve.terminate() == 0)
        try storm.verify(disk.path + "/state.db")
    }

    @Test(
        "A disk that fails to sync ends the service, and nothing of that commit is acknowledged (fault D75)",
        .enabled(if: StorageFaults.isPossible, "needs a C compiler"))
    func failingSync() async throws {
        let faults = try StorageFaults()
        let fleet = try EventStorm.fleet()
        _ = try await fleet.json("apply")
        let storm = EventStorm()
        var ended = 0
        let last = try await storm.blow { () -> ServeProcess in
            while ended < Self.crashes {
                var failing = fleet
                failing.environment.merge(faults.environment(["FAULTS_SYNC": "30", "FAULTS_SEED": "\(ended + 1)"])) {
                    $1
                }
                ended += 1
                // It may fail before it listens.
                guard let serve = try await ServeProcess.startUnlessItEnds([], on: failing) else { continue }
                storm.target = serve.url
                #expect(try await serve.process.wait() == 1)
                storm.target = nil
                #expect(serve.log.contains { $0["message"]?.string?.hasPrefix("the disk failed") == true })
            }
            let serve = try await fleet.serve()
            storm.target = serve.url
            let wanted = storm.acknowledged + 20
            try await waitUntil("the last events", timeout: .seconds(60)) { storm.acknowledged >= wanted }
            return serve
        }
        try await settled(last)
        #expect(try await last.terminate() == 0)
        let figures = try storm.verify(fleet.statePath)
        #expect(faults.count("sync") >= Self.crashes)
        print("ended \(ended) times by a sync that failed: \(figures)")
    }

    @Test(
        "Short writes and writes without space, or beyond a quota, change nothing that was acknowledged (faults D76, D77)",
        .enabled(if: StorageFaults.isPossible, "needs a C compiler"))
    func shortWrites() async throws {
        let faults = try StorageFaults()
        var fleet = try EventStorm.fleet()
        _ = try await fleet.json("apply")
        let plain = fleet
        fleet.environment.merge(
            faults.environment([
                "FAULTS_SHORT": "20", "FAULTS_SPACE": "50", "FAULTS_QUOTA": "100", "FAULTS_SEED": "7",
            ])
        ) { $1 }
        let storm = EventStorm()
        let failing = fleet
        let unlucky = try await storm.blow { () -> ServeProcess in
            let serve = try await failing.serve()
            storm.target = serve.url
            try await waitUntil("events", timeout: .seconds(300)) {
                // After each write without space nothing new is taken for seconds.
                storm.acknowledged >= 20 + Self.crashes && storm.refused > 0 && faults.count("quota") > 0
            }
            return serve
        }
        #expect(try await unlucky.terminate() == 0)
        let last = try await plain.serve()
        try await settled(last)
        #expect(try await last.terminate() == 0)
        let figures = try storm.verify(fleet.statePath)
        print(
            "\(faults.count("short")) short writes, \(faults.count("space")) without space, \(faults.count("quota"))"
                + " beyond a quota: \(storm.refused) refusals,"
                + " \(figures)")
    }
}
