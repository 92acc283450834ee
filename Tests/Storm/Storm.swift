import Glibc
import SharedMemory

/// Writers and readers as real processes over one ring, killed again and again, and a judge who asks for every acknowledged entry.
///
///     storm <kills> <acknowledged> <seed>
///
/// Half of the writers kill themselves at a crash point, the others and the readers are killed from outside at random. An entry that was
/// acknowledged must be there, byte for byte, or be older than the oldest that the ring still holds. Ends with a line of figures, and with
/// status 1 where an entry was lost or wrong.
@main
enum Storm {
  static func main() throws {
    let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
    guard numbers.count == 3 else { fatalError("usage: storm <kills> <acknowledged> <seed>") }
    var judge = try Judge(kills: Int(numbers[0]), acknowledgements: Int(numbers[1]), seed: numbers[2])
    let verdict = try judge.run()
    print(verdict.text)
    exit(verdict.isClean ? 0 : 1)
  }
}
