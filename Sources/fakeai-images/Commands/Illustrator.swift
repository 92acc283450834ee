import Drawing

/// Draws and encodes pictures one after the other.
struct Illustrator {
  init(settings: Settings) throws {}

  mutating func draw(_ description: PictureDescription) throws(CommandFailure) -> [UInt8] {
    throw CommandFailure("there is no drawing yet")
  }
}
