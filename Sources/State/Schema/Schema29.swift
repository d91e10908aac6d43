/// Payloads that are stored compressed.
enum Schema29 {
    /// `packed`: the payload in LZ4's block format, with `packed_size` bytes when it is unpacked; `payload` is empty then. NULL
    /// where it stands in `payload` as it came.
    static let packedPayloads = """
        ALTER TABLE event ADD COLUMN packed BLOB;
        ALTER TABLE event ADD COLUMN packed_size INTEGER CHECK ((packed_size IS NULL) = (packed IS NULL));
        """
}
