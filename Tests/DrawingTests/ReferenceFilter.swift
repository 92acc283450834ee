import Foundation

@testable import Drawing

/// A filter to compare with, by its definition: slow, and with doubles.
enum ReferenceFilter {
  case bilinear
  /// The usual one, as in Pillow.
  case bicubic

  private func weight(_ distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .bilinear: return max(1 - x, 0)
    case .bicubic:
      if x >= 2 { return 0 }
      return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2
    }
  }

  /// The old pixels of a new one and their weights. At the edges, the last pixel is repeated.
  private func shares(_ pixel: Int, from old: Int, to new: Int) -> [(source: Int, weight: Double)] {
    let centre = (Double(pixel) + 0.5) * Double(old) / Double(new) - 0.5
    let nearest = Int(centre.rounded(.down))
    return (nearest - 1...nearest + 2).map { source in (min(max(source, 0), old - 1), weight(Double(source) - centre)) }
  }

  /// An opaque square at a larger size, as rows with filter bytes.
  func enlarged(_ picture: Upload, to side: Int) -> [UInt8] {
    let shares = (0..<side).map { self.shares($0, from: picture.width, to: side) }
    var rows: [UInt8] = []
    for y in 0..<side {
      rows.append(0)
      for x in 0..<side {
        for channel in 0..<3 {
          var sum = 0.0
          for down in shares[y] {
            for across in shares[x] {
              let byte = picture.pixels[4 * (down.source * picture.width + across.source) + channel]
              sum += down.weight * across.weight * Double(byte)
            }
          }
          rows.append(UInt8(min(max(sum.rounded(), 0), 255)))
        }
      }
    }
    return rows
  }
}

extension Upload {
  /// - Parameter pixel: three channels if the picture is opaque, otherwise four.
  static func mock(_ width: Int, _ height: Int, isOpaque: Bool = true, _ pixel: (Int, Int) -> [UInt8]) -> Upload {
    var pixels: [UInt8] = []
    for y in 0..<height { for x in 0..<width { pixels += pixel(x, y) + (isOpaque ? [255] : []) } }
    return Upload(width: width, height: height, pixels: pixels, isOpaque: isOpaque)
  }

  /// Slopes, waves, a disc and stripes, with edges as soft as a lens makes them: what photographs are made of.
  static func sketch(_ number: Int, side: Int) -> Upload {
    let phase = Double(number)
    return mock(side, side) { column, row in
      let (x, y) = (Double(column), Double(row))
      var light = 0.3 + 0.2 * sin(x / 40 + phase) * cos(y / 55)
      light += 0.12 * sin((x * cos(phase) + y * sin(phase)) / (2.5 + phase))
      light += 0.15 * tanh((40 - hypot(x - 80 - 9 * phase, y - 100)) / 1.2)
      light += 0.1 * tanh(2 * sin(x / 4)) * (1 + tanh(y - 150))
      light = min(max(light, 0), 1)
      return [UInt8(light * 255), UInt8((1 - light) * 255), UInt8(light * light * 255)]
    }
  }

  /// - Parameter rows: of an opaque square, with filter bytes.
  init(rows: [UInt8], side: Int) {
    var pixels: [UInt8] = []
    for y in 0..<side {
      for x in 0..<side {
        let offset = y * (1 + 3 * side) + 1 + 3 * x
        pixels += [rows[offset], rows[offset + 1], rows[offset + 2], 255]
      }
    }
    self.init(width: side, height: side, pixels: pixels, isOpaque: true)
  }

  /// The peak signal-to-noise ratio of another version of an opaque square, in decibels.
  func similarity(of rows: [UInt8]) -> Double {
    let other = Upload(rows: rows, side: width)
    var sum = 0.0
    for (one, two) in zip(pixels, other.pixels) { sum += pow(Double(one) - Double(two), 2) }
    // A quarter of the bytes is alpha, which is equal.
    return 10 * log10(255 * 255 / (sum / Double(3 * width * width)))
  }
}
