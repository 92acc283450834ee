import ImageStore

/// An error in generating images: the only error type of this library. Its description is one line that says what is wrong, with
/// which value.
public enum ImageGenerationError: Error, Equatable {
  /// An argument is outside its allowed range.
  /// - Parameters:
  ///   - name: of the argument, such as `count`.
  ///   - value: the value passed.
  ///   - allowed: completes the sentence "allowed: …".
  case invalidArgument(name: String, value: String, allowed: String)
  /// The font file cannot be used.
  case unusableFont(reason: String)
  /// The store cannot be opened, or its shared memory was removed while it was open.
  case storeUnavailable(reason: String)
  /// The image is larger than the whole store. Both values are in bytes.
  case imageTooLarge(bytes: Int, capacity: Int)
  /// The store is full and configured to refuse images rather than evict the oldest.
  /// - Parameter capacity: in bytes.
  case storeFull(capacity: Int)
  /// The store cannot be used at the moment; another attempt may succeed.
  case storeBusy(reason: String)
  /// An upload is not an image that the library can use.
  /// - Parameter upload: `image 1`, the first, to `image 16`; `mask` or `markup`.
  case unusableUpload(_ upload: String, reason: String)
  /// The image could not be encoded.
  case encodingFailed(reason: String)
}

extension ImageGenerationError: CustomStringConvertible {
  /// What is wrong, with which value, in one line.
  public var description: String {
    switch self {
    case .invalidArgument(let name, let value, let allowed): "\(name) is \(value); allowed: \(allowed)"
    case .unusableFont(let reason), .storeUnavailable(let reason), .storeBusy(let reason): reason
    case .imageTooLarge(let bytes, let capacity): StoreError.tooLarge(bytes: bytes, capacity: capacity).description
    case .storeFull(let capacity): StoreError.full(capacity: capacity).description
    case .unusableUpload(let upload, let reason): "the \(upload) is not usable: \(reason)"
    case .encodingFailed(let reason): "the image could not be encoded: \(reason)"
    }
  }
}

extension ImageGenerationError {
  init(_ error: StoreError) {
    self =
      switch error {
      case .tooLarge(let bytes, let capacity): .imageTooLarge(bytes: bytes, capacity: capacity)
      case .full(let capacity): .storeFull(capacity: capacity)
      case .busy, .unavailable, .noSpace: .storeBusy(reason: error.description)
      case .removed: .storeUnavailable(reason: error.description)
      }
  }
}
