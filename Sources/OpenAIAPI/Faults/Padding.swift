import ImageCoding
import ImageGeneration
import ImageStore
import Simulation

/// Pads images to the number of bytes that a request asks for, for clients that test their limits.
enum Padding {
  /// The file with as many bytes as possible up to `count`, see ``FilePadding``.
  static func padded(_ file: consuming [UInt8], as format: ImageFormat, to count: Int) -> [UInt8] {
    switch format {
    case .png: FilePadding.png(file, to: count)
    case .jpeg: FilePadding.jpeg(file, to: count)
    case .webp: FilePadding.webp(file, to: count)
    case .gif: FilePadding.gif(file, to: count)
    case .svg: FilePadding.svg(file, to: count)
    }
  }

  /// Bytes that an image takes in the store beyond its own, at most: its format's unit of padding, and its place among the others.
  static let margin = 4096
}

extension RequestContext {
  /// Throws if the padded images of a response would take too much memory, or more than the store holds.
  func refuseTooManyBytes(_ request: ImageRequest) throws(APIError) {
    guard let bytes = plan.bytes, service.configuration.drawsImages else { return }
    guard request.n * bytes <= ByteCount.most else {
      throw .tooManyBytes(
        bytes, most: ByteCount.most / request.n,
        because: "the \(request.n) images of the response may have \(ByteCount.most) bytes together")
    }
    guard request.responseFormat == .url, let capacity = service.generator.store.statistics.bytesCapacity else { return }
    guard request.n * (bytes + Padding.margin) <= capacity else {
      throw .tooManyBytes(
        bytes, most: max(0, capacity / request.n - Padding.margin),
        because: "the image store holds \(capacity) bytes (FAKEAI_IMAGE_STORE_SIZE)")
    }
  }
}
