import Hashing

extension PictureDescription {
  /// One number for all images of a request: FNV-1a (64 bits) over what was asked for, the index left out, so that the images of one
  /// request can share an order of colours and take different places in it.
  var requestSeed: UInt64 {
    var hash = FNV1a()
    hash.combine(prompt)
    hash.combine(model)
    hash.combine(size.description)
    hash.combine(quality.rawValue)
    hash.combine(style.rawValue)
    hash.combine(seed)
    // Only then, so that opaque pictures are what they were before there were others.
    if isTransparent { hash.combine("transparent") }
    return hash.value
  }
}
