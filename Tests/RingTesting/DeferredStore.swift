import Answers
package import ImageStore
import SystemCalls

/// Another store, with a thread for each result.
package final class DeferredStore: ImageStore {
  private let base: any ImageStore

  package init(base: any ImageStore) { self.base = base }

  package var kind: String { base.kind }
  package var retention: Duration { base.retention }
  package var statistics: StoreStatistics { base.statistics }
  package var health: StoreHealth { base.health }

  package func image(for id: ImageID) -> StoreAnswer<StoredImage?> { later { self.base.image(for: id) } }
  package func insert(_ file: [UInt8], format: ImageFormat) -> StoreAnswer<ImageID> { later { self.base.insert(file, format: format) } }
  package func keep(_ file: [UInt8], format: ImageFormat) -> ImageID? { base.keep(file, format: format) }
  package func sweep() { base.sweep() }

  private func later<Value: Sendable>(_ answer: @escaping @Sendable () -> StoreAnswer<Value>) -> StoreAnswer<Value> {
    .pending { receive in
      try! detachThread {
        guard case .ready(let result) = answer() else { return }
        receive(result)
      }
    }
  }
}
