/// The outbox in lanes: what waits for one channel.
enum Schema14 {
    static let deliveryLanes = """
        CREATE INDEX delivery_lane ON delivery (channel, not_before) WHERE state = 'queued';
        """
}
