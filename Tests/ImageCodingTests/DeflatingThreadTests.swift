import CPOSIX
import Glibc
import SystemCalls
import Testing

@testable import ImageCoding

@Suite(.timeLimit(.minutes(5))) struct DeflatingThreadTests {
  private static let stride = 301

  private static func rows(_ count: Int, seed: UInt32) -> [UInt8] {
    var state = seed
    return (0..<count).flatMap { _ in
      [0]
        + (1..<stride).map { _ in
          state = state &* 1_664_525 &+ 1_013_904_223
          return UInt8(state >> 27)
        }
    }
  }

  private static func blocks(of rows: [UInt8], _ deflate: (PictureRows) -> [UInt8]) -> [UInt8] {
    unsafe rows.withUnsafeBytes { rows in
      let none = UnsafeRawBufferPointer(start: nil, count: 0)
      return deflate(unsafe PictureRows(rows, above: none, stride: stride, pixelStride: 3))
    }
  }

  private static func deflated(_ rows: PictureRows, by deflater: inout Deflater) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: Deflater.bound(rows.byteCount))
    let blocks = unsafe output.withUnsafeMutableBufferPointer { unsafe deflater.write(rows, isLast: true, to: $0) }
    return Array(output[..<(blocks?.count ?? 0)])
  }

  @Test func `it writes the same as its caller would, task after task`() throws {
    let thread = try #require(DeflatingThread())
    var deflater = Deflater()
    var begunCount = 0
    for task in 1...50 {
      // Sizes grow and shrink, so that buffers are enlarged and partly unused.
      let rows = Self.rows(1 + task * 37 % 90, seed: UInt32(task))
      let expected = Self.blocks(of: rows) { Self.deflated($0, by: &deflater) }
      let written = Self.blocks(of: rows) { rows in
        thread.begin(rows, isLast: true)
        // Some rows are taken back before the thread wakes, others are not.
        let work = task % 2 == 0 ? Self.deflated(rows, by: &deflater) : []
        guard !thread.takeBack() else { return work.isEmpty ? Self.deflated(rows, by: &deflater) : work }
        begunCount += 1
        return thread.finish { bytes, blocks in (0..<(blocks?.count ?? 0)).map { bytes[$0] } }
      }
      #expect(written == expected)
      #expect(!expected.isEmpty)
    }
    // With a free processor, the second thread does some of the work.
    while begunCount == 0 {
      let rows = Self.rows(50, seed: 7)
      _ = Self.blocks(of: rows) { rows in
        thread.begin(rows, isLast: true)
        _ = Self.deflated(rows, by: &deflater)
        guard !thread.takeBack() else { return [] }
        begunCount += 1
        return thread.finish { _, _ in [] }
      }
    }
  }

  @Test func `a thread avoids its caller's processor as long as it has another`() async throws {
    // The test runs on a thread of its own, because it changes that thread for good.
    let (seen, report) = AsyncStream<[(left: CInt, allowed: Set<CInt>)]>.makeStream()
    try detachThread {
      var steps = [(left: CInt(-1), allowed: Self.allowedProcessors())]
      while steps.count < 2 || steps.last?.left != -1, steps.count < 1024 {
        steps.append((cposix_keep_off_this_processor(pthread_self()), Self.allowedProcessors()))
      }
      report.yield(steps)
    }
    let steps = try #require(await seen.first { _ in true })
    #expect(steps.count == steps[0].allowed.count + 1)
    for (before, after) in zip(steps, steps.dropFirst()) { #expect(after.allowed == before.allowed.subtracting([after.left])) }
    #expect(steps.last?.left == -1)
    #expect(steps.last?.allowed.count == 1)
  }

  /// The processors that the calling thread may use, as the kernel reports them.
  private static func allowedProcessors() -> Set<CInt> {
    let descriptor = unsafe open("/proc/thread-self/status", O_RDONLY)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 16384)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    let line = String(decoding: bytes[..<max(0, count)], as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
    let ranges = (line?.split(separator: "\t").last ?? "").split(separator: ",").map { $0.split(separator: "-").compactMap { CInt($0) } }
    return Set(ranges.flatMap { Array($0[0]...$0[$0.count - 1]) })
  }

  @Test func `it ends with its owner, at work or not`() throws {
    for _ in 0..<20 { _ = try #require(DeflatingThread()) }
    for _ in 0..<20 {
      let thread = try #require(DeflatingThread())
      let rows = Self.rows(40, seed: 3)
      _ = Self.blocks(of: rows) { rows in
        thread.begin(rows, isLast: false)
        if !thread.takeBack() { thread.finish { _, _ in } }
        return []
      }
    }
  }
}
