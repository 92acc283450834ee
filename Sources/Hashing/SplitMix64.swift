/// Sebastiano Vigna's SplitMix64 (https://prng.di.unimi.it/splitmix64.c): 64 bits of state, every seed is a good one.
///
/// Images are derived from it, so its numbers are part of what users see: the same request draws the same image in every version.
/// Swift's own generators and its `shuffle(using:)` promise no such thing, hence the few lines here. They are
/// inlinable because the callers are in other modules: without that, to shuffle a list takes an allocation for each of its elements.
package struct SplitMix64: Sendable {
  @usableFromInline package var state: UInt64

  @inlinable package init(seed: UInt64) { state = seed }

  @inlinable package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 below `bound`, by the high half of a product. (The bias is `bound` in 2⁶⁴.)
  @inlinable package mutating func next(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// The elements in another order: Fisher and Yates.
  @inlinable package mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, next(below: last + 1))
    }
    return elements
  }
}
