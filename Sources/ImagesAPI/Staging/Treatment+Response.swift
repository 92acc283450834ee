import FastCGI
import Staging

extension Response {
  /// Whether it is an image, or part of one.
  fileprivate var isImage: Bool { header("Content-Type")?.hasPrefix("image/") ?? false }
}

extension Treatment {
  /// The response with what was done to it written on it, and its time.
  func marked(_ response: Response) -> Response {
    var response = response
    if let fault { response.add("X-FakeAI-Fault", fault.rawValue) }
    if !rules.isEmpty { response.add("X-FakeAI-Rule", rules.joined(separator: ", ")) }
    response.due = response.due ?? due
    return response
  }

  /// The response as a fault of its body leaves it.
  func spoilt(_ response: Response) -> Response {
    guard !response.isStream else { return spoiltStream(response) }
    var response = response
    switch fault {
    case .truncate: response.delivery = .brokenOff(after: response.body.count / 2)
    case .slowBody:
      response.delivery = Self.slowDelivery
      // nginx would otherwise gather the pieces.
      response.add("X-Accel-Buffering", "no")
    case .malformedJSON: response.body.removeLast((response.body.count + 1) / 2)
    case .emptyBody: response.body = []
    case .corruptImage: if response.isImage { response.body = spoilt(response.body) }
    default: break
    }
    return response
  }

  static let slowDelivery = Response.Delivery.dribbled(pieces: 20, pause: .milliseconds(250))

  /// The file of an image as a fault of images leaves it: with broken bytes in the middle, where its pixels are.
  func spoilt(_ file: [UInt8]) -> [UInt8] {
    guard fault == .corruptImage else { return file }
    var file = file
    let middle = file.count / 2
    for place in middle..<min(middle + 64, file.count) { file[place] ^= 0xff }
    return file
  }
}
