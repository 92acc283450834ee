package import Atomics
import Glibc

/// Anonymous memory that a process shares with the children it forks. It outlives whichever of them is killed, and is never unmapped.
package struct SharedArray<Element: BitwiseCopyable> {
  private let start: UnsafeMutablePointer<Element>
  package let count: Int

  package init(count: Int, of initial: Element) {
    let bytes = count * MemoryLayout<Element>.stride
    let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)!
    precondition(memory != MAP_FAILED, "no memory to share")
    start = memory.bindMemory(to: Element.self, capacity: count)
    start.initialize(repeating: initial, count: count)
    self.count = count
  }

  package subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count)
      return start[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count)
      start[index] = newValue
    }
  }
}

extension SharedArray<UInt64> {
  package init(count: Int) { self.init(count: count, of: 0) }

  package func atomic(_ index: Int) -> UnsafeAtomic<UInt64> {
    precondition(index >= 0 && index < count)
    return UnsafeAtomic(at: UnsafeMutableRawPointer(start + index).assumingMemoryBound(to: UnsafeAtomic<UInt64>.Storage.self))
  }
}
