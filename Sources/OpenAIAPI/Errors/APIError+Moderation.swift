import FoundationEssentials
import JSON
import Simulation

// Errors of the safety system.

extension APIError {
  /// The safety system's refusal, in the words of the model's family.
  static func rejected(_ moderation: Moderation, model: String) -> APIError {
    guard Model.isGPT(model) else { return APIError(400, words(of: moderation.stage), code: "content_policy_violation") }
    var error = APIError(
      400,
      "Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and include the request "
        + "ID \(UUID().uuidString.lowercased()). safety_violations=[\(moderation.categories.joined(separator: ", "))].",
      type: .imageGenerationUser, code: "moderation_blocked")
    error.moderation = moderation
    return error
  }

  /// DALL·E's words. All three have been seen; that they stand for these stages is [U], because DALL·E does not name stages.
  private static func words(of stage: Moderation.Stage) -> String {
    let rejected = "Your request was rejected as a result of our safety system."
    return switch stage {
    case .input: "\(rejected) Your prompt may contain text that is not allowed by our safety system."
    case .output:
      "\(rejected) Image descriptions generated from your prompt may contain text that is not allowed by our safety system. If you believe "
        + "this was done in error, your request may succeed if retried, or by adjusting your prompt."
    case .unknown: "This request has been blocked by our content filters."
    }
  }

  /// The last member of the error, if the safety system made it. In the error event of a stream it is [U].
  var moderationDetails: [JSONMember] {
    guard let moderation else { return [] }
    let members: [JSONMember] = [
      ("moderation_stage", .string(moderation.stage.rawValue)), ("categories", .array(moderation.categories.map(JSONText.string))),
    ]
    return [("moderation_details", .object(members))]
  }
}
