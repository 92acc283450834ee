import Drawing
import FastCGI
import FoundationEssentials
import ImageGeneration
import JSON
import Multipart
import Testing
@testable import OpenAIAPI

/// What the profile `fakeai` takes, because clients send it, and the others refuse.
struct LenientTests {
  private static let strict = ["HTTP_X_FAKEAI_PROFILE": "openai-dalle", "HTTP_API_KEY": "any"]

  @Test(arguments: [
    #""size": """#, #""quality": """#, #""style": "", "user": """#, #""model": """#, #""response_format": """#, #""n": "1""#,
    #""n": " 2 ""#, #""stream": "False""#, #""response_format": "base64""#, #""quality": "HD""#, #""size": "512x768""#,
    #""size": "768 x 768""#,
    #""size": "512*512""#, #""size": "1K""#, #""size": "16:9""#, #""output_format": "JPG""#, #""seed": 7, "steps": 20"#,
  ])
  func `what clients send gets an image, and a strict profile refuses it`(member: String) throws {
    let fixture = try ServiceFixture()
    #expect(fixture.generate("{\"prompt\": \"A lake\", \(member)}").status == 200)
    #expect(fixture.generate("{\"prompt\": \"A lake\", \(member)}", Self.strict).status == 400)
  }

  @Test(arguments: [
    ("auto", 1024, 1024), ("64x64", 64, 64), ("512x768", 512, 768), ("3840x2160", 3840, 2160), ("100x333", 100, 333), ("2K", 2048, 2048),
    ("4k", 2880, 2880), ("1:1", 1024, 1024), ("16:9", 1360, 768), ("9:16", 768, 1360), ("4:3", 1184, 880), ("21:9", 1568, 672),
    ("1024×1024", 1024, 1024), ("1024", 1024, 1024), ("64", 64, 64), ("2880", 2880, 2880), ("1024X1536", 1024, 1536),
  ])
  func `sizes of other servers are drawn as they are meant`(text: String, width: Int, height: Int) {
    #expect(LenientSize.size(text) == PictureSize(width: width, height: height))
  }

  @Test(arguments: [
    "63x64", "3841x64", "3840x3840", "0x0", "63", "2881", "1024x", "x1024", "1024x1024x3", "-512x512", "512,512", "8K", "0:1", "16:",
    "1:50",
    "large",
    "", "+64x64", "99999999999x64",
  ])
  func `what is no size or too large is refused with the rule`(text: String) throws {
    #expect(LenientSize.size(text) == nil)
    let error = #expect(throws: APIError.self) { try SizeRule.any.size(text, isLenient: true) }
    #expect(error?.message.contains("sides from 64 to 3840") == true)
  }

  @Test(arguments: [
    ("dall-e-2", "url"), ("dall-e-3", "url"), ("gpt-image-2", "b64_json"), ("stable-diffusion-xl", "b64_json"), ("flux", "b64_json"),
  ])
  func `the model decides between url and image, and the setting before it`(model: String, expected: String) throws {
    let body = "{\"prompt\": \"A lake\", \"model\": \"\(model)\", \"size\": \"256x256\"}"
    #expect(try ServiceFixture().generate(body).text.contains("\"\(expected)\""))
    for format in ResponseFormat.allCases {
      let fixture = try ServiceFixture(configuration: .init(responseFormat: format))
      #expect(fixture.generate(body).text.contains("\"\(format.rawValue)\""))
      let other = format == .url ? ResponseFormat.base64 : .url
      let asked = body.dropLast() + ", \"response_format\": \"\(other.rawValue)\"}"
      #expect(fixture.generate(String(asked)).text.contains("\"\(other.rawValue)\""))
    }
  }

  @Test(arguments: ["scales", "Terrazzo", "dots"])
  func `a pattern is drawn by its name, which the strict profiles do not know`(name: String) throws {
    let fixture = try ServiceFixture()
    let body = #"{"prompt": "A lake", "response_format": "url", "size": "256x256", "pattern": "\#(name)"}"#
    let path = try #require(fixture.generate(body).text.firstMatch(of: /\/images\/[0-9a-f]{32}\.png/)?.output)
    #expect(fixture.get(String(path)).text.contains(#""pattern":"\#(name.lowercased())""#))
    let refused = fixture.generate(body, Self.strict)
    #expect(refused.status == 400 && refused.text.contains("Unknown parameter: 'pattern'."))
    #expect(fixture.generate(#"{"prompt": "A lake", "pattern": "stars"}"#).text.contains("'scales', 'leaves'"))
    // It is no reason to take a GPT image model, and never what a client of the real API meant.
    #expect(fixture.get(String(path)).text.contains(#""model":"dall-e-3""#))
    #expect(fixture.generate(#"{"prompt": "A lake", "pattren": "dots"}"#, Self.strict).header("X-FakeAI-Reason") == nil)
  }

  @Test(
    arguments: [
      (#""frame_count": 3"#, 3), (#""frame_duration_ms": 100"#, 9), (#""motion": "rise""#, 9), (#""frame_count": 2, "motion": "pulse""#, 2),
      (#""frame_count": null"#, nil), (#""output_compression": 50"#, nil), (#""frame_count": 3, "stream": true"#, nil),
    ] as [(String, Int?)])
  func `a WebP is animated if it is asked for frames, but not in a stream`(member: String, frames: Int?) throws {
    for (format, expected) in [("webp", frames), ("png", nil), ("jpeg", nil)] {
      let body = #"{"prompt": "A lake", "output_format": "\#(format)", \#(member)}"#
      let request = try ImageRequest(.generation, Parameters(json: JSONValue(parsing: Array(body.utf8)), isLenient: true), .fakeai)
      #expect(request.job.encoding.animation?.frameCount == expected)
    }
  }

  @Test func `a strict profile refuses what would animate a WebP`() throws {
    let fixture = try ServiceFixture()
    let body = #"{"prompt": "A lake", "size": "1024x1024", "model": "gpt-image-1", "output_format": "webp", "frame_count": 3}"#
    #expect(fixture.generate(body, Self.strict).text.contains("'frame_count' is only supported with output_format 'gif'."))
    let text = try #require(fixture.generate(body).text.firstMatch(of: /"b64_json": ?"([^"]*)"/)?.1)
    let file = Array(try #require(Data(base64Encoded: String(text))))
    #expect(file.indices.count { file[$0...].starts(with: Array("ANMF".utf8)) } == 3)
  }

  @Test func `an animation moves as its request says, which the strict profiles do not know`() throws {
    let fixture = try ServiceFixture(timestamp: "2026-01-02 03:04:05")
    func body(_ motion: String) -> String {
      #"{"prompt": "A lake", "size": "256x256", "output_format": "gif", "frame_count": 3, "response_format": "b64_json"\#(motion)}"#
    }
    let answers = ["", #", "motion": "drift""#, #", "motion": "rise""#, #", "motion": "Pulse""#].map { motion in
      fixture.generate(body(motion), ["HTTP_X_FAKEAI_SEED": "1"]).text.firstMatch(of: /"b64_json": ?"([^"]*)"/)?.1
    }
    #expect(Set(answers).count == 3 && answers[0] == answers[1] && !answers.contains(nil))
    #expect(fixture.generate(body(#", "motion": "fall""#)).text.contains("Supported values are: 'drift', 'rise', and 'pulse'."))
    let refused = fixture.generate(body(#", "model": "gpt-image-1", "motion": "rise""#), Self.strict)
    #expect(refused.status == 400 && refused.text.contains("Unknown parameter:"))
  }

  @Test func `what has no effect is named in a header`() throws {
    let fixture = try ServiceFixture()
    let response = fixture.generate(#"{"prompt": "A lake", "seed": 7, "cfg; scale": 2, "größe": 1, "mask": "x", "nothing": null}"#)
    #expect(response.header("X-FakeAI-Ignored") == "cfg%3B scale; gr%C3%B6%C3%9Fe; seed; mask")
    let entry = fixture.get("/_fakeai/requests").text
    #expect(entry.contains("seed; mask"))
    #expect(fixture.generate(#"{"prompt": "A lake"}"#).header("X-FakeAI-Ignored") == nil)
    let many = (0..<1000).map { "\"p\($0 + 1000)\": 1" }.joined(separator: ", ")
    let header = try #require(fixture.generate("{\"prompt\": \"A lake\", \(many)}").header("X-FakeAI-Ignored"))
    #expect(header.split(separator: ";").count == Parameters.mostUnknown)
  }

  private static let pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

  private static func inputs(_ member: String) throws -> ImageInputs {
    let json = try JSONValue(parsing: Array("{\"prompt\": \"A lake\", \(member)}".utf8))
    return try ImageRequest(.edit, Parameters(json: json, isLenient: true), .fakeai).inputs
  }

  @Test(arguments: [
    "\"image\": \"data:image/png;base64,\(pixel)\"", "\"image\": \"\(pixel)\"", "\"image\": [\"\(pixel)\"]", "\"images\": [\"\(pixel)\"]",
    "\"images\": [{\"image_url\": {\"url\": \"data:image/png;base64,\(pixel)\"}}]", "\"images\": [{\"url\": \"\(pixel)\"}]",
    "\"image\": {\"image_url\": \"data:;base64,\(pixel)\"}", "\"images\": {\"b64_json\": \"\(pixel)\"}",
    "\"images\": [{\"image_url\": \"data:image/png;base64,\(pixel)\", \"detail\": \"high\"}]",
  ])
  func `an image in JSON is found wherever clients put it`(member: String) throws {
    let inputs = try Self.inputs(member)
    #expect(inputs.images.count == 1)
    #expect(try inputs.images.first?.bytes()?.starts(with: [0x89, 0x50, 0x4e, 0x47]) == true)
  }

  @Test(arguments: ["\"image\": \"\"", "\"image\": 5", "\"images\": []", "\"images\": [5]", "\"images\": [{}]", "\"image\": [[\"x\"]]"])
  func `what is no image in JSON is still refused`(member: String) throws {
    #expect(throws: APIError.self) { try Self.inputs(member) }
  }

  private static func form(_ names: [String], isLenient: Bool) throws -> ImageInputs {
    let parts = names.map { name in
      "--b\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nx\r\n"
    }
    let text = parts.joined() + "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nA lake\r\n--b--\r\n"
    let form = try MultipartForm(parsing: Array(text.utf8), contentType: "multipart/form-data; boundary=b")
    return try ImageRequest(.edit, Parameters(form: form, isLenient: isLenient), isLenient ? .fakeai : .openAI).inputs
  }

  @Test(arguments: [
    (["image"], 1), (["image[]", "image[]"], 2), (["image[0]", "image[1]"], 2), (["image[3]"], 1), (["image", "image"], 2),
    (["image", "image[]"], 2), (["images", "images"], 2), (["images[]"], 1),
  ])
  func `images of a form are a list however they are numbered`(names: [String], count: Int) throws {
    #expect(try Self.form(names, isLenient: true).images.count == count)
    if names.allSatisfy({ $0.hasSuffix("]") && $0.hasPrefix("image[") }) || names == ["image"] {
      #expect(try Self.form(names, isLenient: false).images.count == count)
    } else {
      #expect(throws: APIError.self) { try Self.form(names, isLenient: false) }
    }
  }

  @Test func `a type that is not accepted is reported with its number`() throws {
    let text = "--b\r\nContent-Disposition: form-data; name=\"image[0]\"; filename=\"a\"\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n"
    let form = try MultipartForm(parsing: Array(text.utf8), contentType: "multipart/form-data; boundary=b")
    let error = #expect(throws: APIError.self) {
      try ImageInputs(.edit, Parameters(form: form), ModelRules.gptImage2, checksMediaTypes: true)
    }
    #expect(error?.message.hasPrefix("Invalid file 'image[0]'") == true)
  }

  @Test(arguments: [
    ("gpt-image-1-mini", "low", true), ("gpt-image-1-mini", "high", false), ("gpt-image-1.5", "high", true), ("gpt-image-2", "low", false),
  ])
  func `each model has its values of input_fidelity`(model: String, value: String, isTaken: Bool) throws {
    let body = "{\"model\": \"\(model)\", \"prompt\": \"x\", \"input_fidelity\": \"\(value)\", \"images\": [{\"file_id\": \"file-a\"}]}"
    let parameters = try Parameters(json: JSONValue(parsing: Array(body.utf8)))
    if isTaken {
      _ = try ImageRequest(.edit, parameters, .openAI)
    } else {
      #expect(throws: APIError.self) { try ImageRequest(.edit, parameters, .openAI) }
    }
  }

  @Test(arguments: [
    (ImageOperation.generation, "", Profile.fakeai, "dall-e-3"), (.generation, #", "stream": true"#, .fakeai, "gpt-image-1"),
    (.generation, #", "output_format": "webp""#, .fakeai, "dall-e-3"), (.edit, "", .fakeai, "dall-e-2"),
    (.edit, #", "background": "opaque""#, .fakeai, "gpt-image-1"), (.edit, "", .openAI, "gpt-image-1.5"),
    (.generation, "", .openAIDALLE, "dall-e-2"), (.generation, #", "background": "transparent""#, .openAIDALLE, "gpt-image-1"),
    (.generation, #", "quality": "high""#, .openAIDALLE, "gpt-image-1"),
    (.generation, #", "size": "1536x1024""#, .openAIDALLE, "gpt-image-1"),
    (.edit, "", .openAIDALLE, "dall-e-2"),
  ])
  func `a request without a model gets one that can fulfil it`(
    operation: ImageOperation, members: String, profile: Profile, model: String
  ) throws {
    let images = operation == .edit ? #", "images": [{"file_id": "file-a"}]"# : ""
    let json = try JSONValue(parsing: Array("{\"prompt\": \"A lake\"\(images)\(members)}".utf8))
    let parameters = try Parameters(json: json, isLenient: !profile.rules.isStrict)
    #expect(try ImageRequest(operation, parameters, profile.rules).model == model)
  }
}
