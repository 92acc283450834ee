import Foundation
import ImageGeneration

/// A name for a store whose shared memory is removed with this object, also if the test fails.
///
/// The name has the process id in it. The next run of the repository's unit tests removes what a killed process has left under such a name.
final class TemporaryStore: Sendable {
  let name = "test-\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0 ... .max))"

  deinit { remove() }

  func configuration(size: Int = 4 << 20, retentionHours: Double = 1, evictsWhenFull: Bool = true) -> ImageGenerator.Configuration {
    ImageGenerator.Configuration(storeName: name, storeSize: size, retentionHours: retentionHours, evictsWhenFull: evictsWhenFull)
  }

  func remove() {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/shm")) ?? []
    for file in files where file.hasPrefix("fakeai-images-\(name)-") { try? FileManager.default.removeItem(atPath: "/dev/shm/\(file)") }
  }
}
