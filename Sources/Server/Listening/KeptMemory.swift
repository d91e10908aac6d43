#if canImport(Glibc)
    import Glibc
#endif

/// What the C library keeps of memory that was freed.
enum KeptMemory {
    #if canImport(Glibc)
        private typealias Setting = @convention(c) (Int32, Int32) -> Int32
        /// `M_TRIM_THRESHOLD` of malloc.h, which is in none of Swift's modules.
        private static let trimThreshold: Int32 = -1
        /// Bytes at the end of a heap that are not given back to the system.
        private static let kept: Int32 = 32 << 20
    #endif

    /// Under a storm of requests the same memory is freed and asked for again at once: giving it back each time, as glibc
    /// does from 128 KiB on, takes a tenth of the processor, and stops all threads for a moment.
    static func keep() {
        #if canImport(Glibc)
            // Another C library has no such function, and goes on as it did.
            guard let symbol = dlsym(nil, "mallopt") else { return }
            _ = unsafeBitCast(symbol, to: Setting.self)(trimThreshold, kept)
        #endif
    }
}
