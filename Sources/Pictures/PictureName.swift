/// The names of pictures: those of files directly in a directory.
enum PictureName {
  /// Bytes of a name on Linux's file systems (NAME_MAX).
  static let longest = 255

  /// Whether a file of the directory can be meant. This needs no look at the disk. What passes cannot lead out of the directory: it has no slash,
  /// and is neither `.` nor `..`.
  static func check(_ name: String) throws(PictureError.Reason) {
    let bytes = name.utf8
    // The second half of C1's control characters in UTF-8 are letters' bytes, so scalars are looked at as well.
    guard (1...longest).contains(bytes.count), !bytes.contains(UInt8(ascii: "/")),
      !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { throw .noName }
    guard bytes.first != UInt8(ascii: ".") else { throw .hidden }
  }
}
