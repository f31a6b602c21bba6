/// Numbers of the built-in types, from the server's catalogue `pg_type`: part of the protocol, never changed.
enum PostgresType {
    static let unspecified: UInt32 = 0
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let name: UInt32 = 19
    static let bigint: UInt32 = 20
    static let smallint: UInt32 = 21
    static let integer: UInt32 = 23
    static let text: UInt32 = 25
    static let real: UInt32 = 700
    static let double: UInt32 = 701
    /// `bigint[]`
    static let bigints: UInt32 = 1016
    static let varchar: UInt32 = 1043
}
