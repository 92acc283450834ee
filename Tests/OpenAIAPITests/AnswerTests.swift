import FastCGI
import OpenAIAPI
import Testing

/// The responses of GPT image models, and their token counts. Nothing is drawn.
@Suite struct AnswerTests {
  private let fixture: ServiceFixture

  init() throws { fixture = try ServiceFixture(configuration: .init(drawsImages: false)) }

  @Test func `keys are in the API's order, and defaults are reported`() {
    let answer = fixture.generate(#"{"prompt":"A lake","model":"gpt-image-1","user":"me"}"#).text
    let onePixel = answer.firstMatch(of: /"b64_json": "([^"]*)"/)!.output.1
    #expect(
      answer == """
        {
          "created": 1795348800,
          "background": "opaque",
          "data": [
            {
              "b64_json": "\(onePixel)"
            }
          ],
          "output_format": "png",
          "quality": "medium",
          "safety_identifier": "me",
          "size": "1024x1024",
          "usage": {
            "input_tokens": 2,
            "input_tokens_details": {
              "image_tokens": 0,
              "text_tokens": 2
            },
            "output_tokens": 1056,
            "output_tokens_details": {
              "image_tokens": 1056,
              "text_tokens": 0
            },
            "total_tokens": 1058
          }
        }

        """)
  }

  @Test(
    arguments: [
      ("gpt-image-1", "1024x1024", ["low": 272, "medium": 1056, "high": 4160]),
      ("gpt-image-1", "1024x1536", ["low": 408, "medium": 1584, "high": 6240]),
      ("gpt-image-1", "1536x1024", ["low": 400, "medium": 1568, "high": 6208]),
      ("gpt-image-2", "1024x1024", ["low": 196, "medium": 1756, "high": 7024, "auto": 1756]),
      ("gpt-image-2", "768x1024", ["low": 134]), ("gpt-image-2", "896x896", ["low": 180]), ("gpt-image-2", "960x960", ["low": 187]),
      ("gpt-image-2", "2048x2048", ["low": 397]), ("gpt-image-2", "3072x2160", ["low": 380]), ("gpt-image-2", "3840x2160", ["low": 371]),
    ])
  func `images cost the tokens that OpenAI has published`(model: String, size: String, tokens: [String: Int]) {
    for (quality, expected) in tokens {
      let answer = fixture.generate(#"{"prompt":"A","model":"\#(model)","size":"\#(size)","quality":"\#(quality)","n":3}"#).text
      #expect(answer.contains("\"output_tokens\": \(3 * expected),"), "\(quality)")
    }
  }

  @Test(arguments: [
    (#""background":"transparent""#, #""background": "transparent""#), (#""background":"auto""#, #""background": "opaque""#),
    (#""quality":"hd""#, #""quality": "high""#), (#""quality":"max""#, #""quality": "max""#), (#""size":"auto""#, #""size": "1024x1024""#),
    (#""size":"2048x1152""#, #""size": "2048x1152""#), (#""safety_identifier":"a","user":"b""#, #""safety_identifier": "a""#),
  ])
  func `requested values are reported in today's terms`(asked: String, told: String) {
    #expect(fixture.generate(#"{"prompt":"A lake","model":"gpt-image-2",\#(asked)}"#).text.contains(told))
  }

  @Test func `DALL·E reports neither usage nor safety identifier`() {
    for model in ["dall-e-2", "dall-e-3", "own"] {
      let answer = fixture.generate(#"{"prompt":"A lake","model":"\#(model)","user":"me"}"#).text
      #expect(!answer.contains("usage") && !answer.contains("safety_identifier"))
      #expect(answer.contains("revised_prompt") == (model == "dall-e-3"))
    }
  }
}
