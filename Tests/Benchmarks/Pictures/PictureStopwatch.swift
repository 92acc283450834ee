import Drawing
import ImageCoding

/// Draws and encodes as a renderer does, with a canvas, an encoder and letters that are kept, and takes the time.
struct PictureStopwatch: ~Copyable {
  private let prompt: String
  private let model: String
  private let lettering = Lettering(font: Font.find())
  private var canvas = Canvas(size: PictureSize(width: 1, height: 1)!)
  private var encoder = PNGEncoder()
  /// Uses what was read, lest the optimiser leave the reading out.
  private var checksum: UInt8 = 0

  init(prompt: String, model: String) {
    self.prompt = prompt
    self.model = model
  }

  /// Runs of which the median counts; one more goes before them, to fill the caches.
  private static let runCount = 15

  /// The mean over the pictures of a case.
  mutating func time(_ wanted: BenchmarkCase) throws -> PictureTimes {
    var times: [PictureTimes] = []
    for placeholder in wanted.placeholders(prompt: prompt, model: model) { times.append(try time(placeholder)) }
    return .mean(of: times)
  }

  private mutating func time(_ placeholder: Placeholder) throws -> PictureTimes {
    _ = try timeOnce(placeholder)
    var runs: [PictureTimes] = []
    for _ in 0..<Self.runCount { runs.append(try timeOnce(placeholder)) }
    return .median(of: runs)
  }

  private mutating func timeOnce(_ placeholder: Placeholder) throws -> PictureTimes {
    let clock = ContinuousClock()
    var times = PictureTimes()
    times.draw = clock.measure { placeholder.draw(on: &canvas, with: lettering) }.milliseconds
    times.encode = try clock.measure { times.kilobytes = Double(try encode(placeholder)) / 1000 }.milliseconds
    times.read = clock.measure { readOnce() }.milliseconds
    return times
  }

  /// - Returns: the bytes of the file.
  private mutating func encode(_ placeholder: Placeholder) throws -> Int {
    let size = placeholder.description.size
    let texts = [PNGText(keyword: "Description", text: prompt)]
    return try canvas.withRows { rows in try encoder.encode(rows, width: size.width, height: size.height, texts: texts).count }
  }

  private mutating func readOnce() {
    checksum &+= canvas.withRows { rows in rows.indices.reduce(into: UInt8(0)) { sum, index in sum &+= rows[index] } }
  }
}

extension Duration {
  fileprivate var milliseconds: Double { self / .milliseconds(1) }
}
