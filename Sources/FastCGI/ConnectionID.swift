/// Names a connection for as long as the process lives: descriptors are used again, generations are not.
struct ConnectionID: Hashable, Sendable {
  let descriptor: CInt
  let generation: UInt32
}
