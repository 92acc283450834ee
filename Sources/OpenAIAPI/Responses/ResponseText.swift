/// What the message of a response says. It is short, the same for equal requests, and does not pretend to be a model's: clients need some text.
enum ResponseText {
  /// - Parameters:
  ///   - calls: the number of image calls.
  ///   - failures: how many of them failed.
  static func text(calls: Int, failures: Int, isEdit: Bool) -> String {
    guard calls > 0 else { return "This is fakeai-images, a mock that draws images and writes no text. No image was drawn." }
    guard failures < calls else { return "fakeai-images, a mock, was told to let the image generation fail." }
    let drawn = calls - failures
    let verb = isEdit ? "edited" : "drawn"
    return drawn == 1
      ? "Here is the image, \(verb) by the mock fakeai-images." : "Here are \(drawn) images, \(verb) by the mock fakeai-images."
  }

  /// The text in pieces, as a stream sends it: a few words each.
  static func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let word = pieces.isEmpty ? String(word) : " " + word
      if let last = pieces.last, last.utf8.count < 16 { pieces[pieces.count - 1] = last + word } else { pieces.append(word) }
    }
    return pieces
  }
}
