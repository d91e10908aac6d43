/// The ids of what was sent to a webhook again of late, as many as are remembered: an older one makes room.
struct RepeatedKeys: Sendable {
    /// By hash, which nobody outside knows: ids may be long.
    private var known: Set<Int> = []
    private var ring: [Int] = []
    private var oldest = 0

    static let capacity = 1_024

    func contains(_ key: String) -> Bool { known.contains(key.hashValue) }

    mutating func insert(_ key: String) {
        let hash = key.hashValue
        guard known.insert(hash).inserted else { return }
        guard ring.count == Self.capacity else { return ring.append(hash) }
        known.remove(ring[oldest])
        ring[oldest] = hash
        oldest = (oldest + 1) % Self.capacity
    }
}
