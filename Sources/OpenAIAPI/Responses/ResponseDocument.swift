import Drawing
import Hashing
import ImageStore
import JSON

/// All that there is to know about a response: what is kept of it, and what its object, its stream and the next turn are made from.
///
/// The images are in the image store, or are drawn again. What a client sees of a response that is not finished follows from the time.
struct ResponseDocument: Sendable {
  var id: String
  var model: String
  /// In milliseconds since 1970.
  var created: Int
  /// When a background response leaves the queue.
  var begins: Int
  /// When the response is finished.
  var due: Int
  var isBackground: Bool
  /// When it was cancelled; nil: it was not.
  var cancelled: Int?
  var isAzure: Bool
  /// The request's members that the response repeats, in the response's order.
  var echo: [JSONMember]
  var calls: [Call]
  /// What each call tells of its image: action, background, format, quality, size.
  var told: [JSONMember]
  /// The prompt that was drawn.
  var prompt: String
  /// The text of the message.
  var text: String
  /// Whether the text says why there is none of the form that was asked for.
  var isRefusal = false
  var ending: ResponseEnding
  var usage: JSONText
  var toolUsage: JSONText
  /// The input, as it can be listed.
  var items: [JSONText]
  /// References to the latest pictures of the conversation, see ``ConversationPicture/reference``.
  var pictures: [String]
  /// Tokens of the conversation, this turn included.
  var tokens: Int
  /// What is needed to draw the images, and their partial images, once more.
  var redrawing: Redrawing

  /// A call of the image tool.
  struct Call: Sendable {
    var id: String
    var state: State

    enum State: Sendable {
      /// The image is in the store.
      case stored(ImageID)
      /// The image is drawn when it is due.
      case drawnLater
      /// The call has no result, because of a fault.
      case missing
      /// The error object.
      case failed(JSONText)
    }

    var hasFailed: Bool { if case .failed = state { true } else { false } }
  }

  /// The images of the calls, as the request had them.
  struct Redrawing: Sendable {
    var profile: Profile
    var operation: ImageOperation
    var deployment: String?
    /// The tool of the request.
    var tool: JSONObject
    /// References to the images that are edited, and to the mask.
    var sources: [String]
    var mask: String?
    var size: PictureSize
    var seed: UInt64
    /// Partial images of each call in the stream; nil if there was none.
    var partialImages: Int?
    /// Of the watermark: nanoseconds since 1970.
    var moment: Int64
    /// The file that each image shows; empty: they are drawn.
    var pictures: [String]
    /// The template by which they are drawn; nil: the usual layout.
    var template: TemplateUse?
  }

  /// Pictures of a conversation that are remembered.
  static let mostPictures = 16

  /// The state at a time.
  ///
  /// - Parameter now: milliseconds since 1970.
  func status(at now: Int) -> String {
    if cancelled != nil { return "cancelled" }
    if now >= due { return ending.status }
    return isBackground && now < begins ? "queued" : "in_progress"
  }

  /// The ID of the message: the response's with another prefix.
  var messageID: String { Self.messageID(of: id) }

  private static func messageID(of response: String) -> String { "msg_" + response.dropFirst(prefix.count) }

  static let prefix = "resp_"

  /// The ID of an item of a response's input that has none. It is longer than the message's, so no two items have the same.
  static func itemID(_ index: Int, of response: String) -> String { messageID(of: response) + APIService.fourDigits(index) }
}

extension APIService {
  /// The last four hexadecimal digits of a number.
  static func fourDigits(_ number: Int) -> String { String(hexadecimal: UInt(bitPattern: number), digits: 4) }
}
