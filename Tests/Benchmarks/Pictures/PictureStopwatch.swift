import Drawing
import ImageCoding

/// Draws and encodes as a renderer does, in bands, with a canvas, an encoder and letters that are kept, and takes the time.
struct PictureStopwatch: ~Copyable {
  private let textRenderer = TextRenderer(font: Font.find())
  private var canvas = Canvas(size: PictureSize(width: 1, height: 1)!)
  /// All of the picture at once, for those that do not take it in bands.
  private var whole = Canvas(size: PictureSize(width: 1, height: 1)!)
  private var encoder = PNGEncoder()
  private var libpng = LibPNGEncoder()
  private let clock = ContinuousClock()
  /// Uses what was read, lest the optimiser leave the reading out.
  private var checksum: UInt8 = 0

  /// Fewest runs of which the median counts; one more goes before them, to fill the caches.
  private static let leastRuns = 9
  /// How long the pictures of one case run together at least. Nine runs of a single small picture take 3 ms, and a machine that is shared
  /// can be slow for so long: what they are compared with takes longer, and has its share of slow and fast moments.
  private static let leastTime = Duration.milliseconds(200)

  /// What each picture costs, one measured after the other.
  mutating func costs(of placeholders: [Placeholder]) throws -> [PictureCost] {
    let share = Self.leastTime / placeholders.count
    return try placeholders.map { try cost(of: $0, time: share) }
  }

  /// Times by the median of runs; libpng's by a single one, for it takes as long as many of the others.
  private mutating func cost(of placeholder: Placeholder, time: Duration) throws -> PictureCost {
    var cost = PictureCost(of: placeholder)
    placeholder.draw(on: &whole, with: textRenderer)
    _ = try run(placeholder, bytes: &cost.bytes)
    var runs: [Run] = []
    let end = clock.now + time
    while runs.count < Self.leastRuns || clock.now < end { runs.append(try run(placeholder, bytes: &cost.bytes)) }
    cost.draw = runs.median(\.draw)
    cost.encode = runs.median(\.encode)
    cost.read = runs.median(\.read)
    cost.libpng = clock.measure { cost.libpngBytes = libpng.encode(whole) }.milliseconds
    return cost
  }

  private mutating func run(_ placeholder: Placeholder, bytes: inout Int) throws -> Run {
    var encode = Duration.zero
    let both = try clock.measure { bytes = try create(placeholder, &encode) }
    return Run(draw: both - encode, encode: encode, read: clock.measure { readOnce() })
  }

  /// - Returns: the bytes of the file.
  private mutating func create(_ placeholder: Placeholder, _ encode: inout Duration) throws -> Int {
    let description = placeholder.description
    encode += try clock.measure {
      try encoder.begin(
        width: description.size.width, height: description.size.height, filter: placeholder.changesFromRowToRow ? .up : .none,
        texts: [PNGText(keyword: "Description", text: description.prompt)])
    }
    try placeholder.draw(on: &canvas, with: textRenderer) { rows, repeated in
      encode += try clock.measure { try encoder.add(rows, repeated: repeated) }
    }
    var bytes = 0
    encode += try clock.measure { bytes = try encoder.finish().count }
    return bytes
  }

  private mutating func readOnce() {
    checksum &+= whole.withRows { rows in rows.indices.reduce(into: UInt8(0)) { sum, index in sum &+= rows[index] } }
  }
}

/// How long each step took, once.
private struct Run {
  var draw: Duration
  var encode: Duration
  var read: Duration
}

extension [Run] {
  /// Milliseconds.
  fileprivate func median(_ step: KeyPath<Run, Duration>) -> Double { map { $0[keyPath: step] }.sorted()[count / 2].milliseconds }
}

extension Duration {
  fileprivate var milliseconds: Double { self / .milliseconds(1) }
}
