/// Finds the lengths of Huffman codes that write counted symbols in the fewest bits, none longer than a limit.
///
/// Keeps its buffers. The symbols are sorted by their counts byte by byte, and the lengths found in place by the two passes of Moffat and
/// Katajainen ("In-place calculation of minimum-redundancy codes", 1995). Lengths beyond the limit are cut, and others made longer for them,
/// as zlib does it.
struct HuffmanLengths {
  /// The most symbols of an alphabet.
  static let mostSymbols = 288

  /// The used symbols, the least frequent first.
  private var symbols = [UInt16](repeating: 0, count: mostSymbols)
  private var sorted = [UInt16](repeating: 0, count: mostSymbols)
  /// The weights of leaves; then those of inner nodes, their parents, and the depths of leaves in turn.
  private var nodes = [UInt32](repeating: 0, count: mostSymbols)
  private var places = [Int](repeating: 0, count: 256)

  /// Writes the length of each symbol's code to `lengths`, 0 for a symbol that is not counted. A single symbol has a code of one bit.
  ///
  /// - Parameter counts: together less than 2³¹.
  mutating func find(_ counts: Span<UInt32>, limit: Int, _ lengths: inout MutableSpan<UInt8>) {
    var used = 0
    for symbol in counts.indices {
      lengths[symbol] = 0
      guard counts[symbol] > 0 else { continue }
      symbols[used] = UInt16(symbol)
      used += 1
    }
    guard used > 1 else {
      if used == 1 { lengths[Int(symbols[0])] = 1 }
      return
    }
    sort(used, by: counts)
    for index in 0..<used { nodes[index] = counts[Int(symbols[index])] }
    findDepths(used)
    assign(numbers(ofDepths: used, limit: limit), used, &lengths)
  }

  /// Sorts by the lowest byte, then by the next, as long as a count has one.
  private mutating func sort(_ used: Int, by counts: Span<UInt32>) {
    var largest: UInt32 = 0
    for index in 0..<used { largest = max(largest, counts[Int(symbols[index])]) }
    var shift: UInt32 = 0
    repeat {
      for byte in 0..<256 { places[byte] = 0 }
      for index in 0..<used { places[Int(counts[Int(symbols[index])] &>> shift & 255)] += 1 }
      var place = 0
      for byte in 0..<256 { (places[byte], place) = (place, place + places[byte]) }
      for index in 0..<used {
        let byte = Int(counts[Int(symbols[index])] &>> shift & 255)
        sorted[places[byte]] = symbols[index]
        places[byte] += 1
      }
      swap(&symbols, &sorted)
      shift += 8
    } while shift < 32 && largest &>> shift > 0
  }

  /// Replaces the sorted weights by the depths of the leaves, the deepest first.
  private mutating func findDepths(_ count: Int) {
    // Joins the two lightest nodes again and again. Leaves are taken from the front, and inner nodes stand where leaves were taken.
    var (leaf, root) = (0, 0)
    for next in 0..<count - 1 {
      var weight: UInt32 = 0
      for _ in 0..<2 {
        if leaf >= count || root < next && nodes[root] < nodes[leaf] {
          weight += nodes[root]
          nodes[root] = UInt32(next)
          root += 1
        } else {
          weight += nodes[leaf]
          leaf += 1
        }
      }
      nodes[next] = weight
    }
    // Inner nodes know their parents; from the root down, they learn their depths.
    nodes[count - 2] = 0
    for next in stride(from: count - 3, through: 0, by: -1) { nodes[next] = nodes[Int(nodes[next])] + 1 }
    // What is not taken by inner nodes at a depth are leaves.
    var (available, depth, inner, next) = (1, UInt32(0), count - 2, count - 1)
    while available > 0 {
      var taken = 0
      while inner >= 0, nodes[inner] == depth {
        taken += 1
        inner -= 1
      }
      for _ in 0..<available - taken {
        nodes[next] = depth
        next -= 1
      }
      (available, depth) = (2 * taken, depth + 1)
    }
  }

  /// The number of codes of each length.
  private func numbers(ofDepths used: Int, limit: Int) -> InlineArray<16, Int> {
    var numbers = InlineArray<16, Int>(repeating: 0)
    // In units of the longest code: how much of all codes is in use.
    var share = 0
    for index in 0..<used {
      let length = min(Int(nodes[index]), limit)
      numbers[length] += 1
      share += 1 << (limit - length)
    }
    while share > 1 << limit {
      // One code moves down, next to one of the longest, which frees that one's place for another.
      var length = limit - 1
      while numbers[length] == 0 { length -= 1 }
      numbers[length] -= 1
      numbers[length + 1] += 2
      numbers[limit] -= 1
      share -= 1
    }
    return numbers
  }

  private func assign(_ numbers: InlineArray<16, Int>, _ used: Int, _ lengths: inout MutableSpan<UInt8>) {
    var index = 0
    for length in stride(from: 15, to: 0, by: -1) {
      for _ in 0..<numbers[length] {
        lengths[Int(symbols[index])] = UInt8(length)
        index += 1
      }
    }
  }
}
