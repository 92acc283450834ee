import Limits
import Testing

@Suite struct KeyringTests {
  @Test func `every key gets its state and its limits`() throws {
    let keyring = try Keyring(
      file: Array(
        """
        [{"key": "sk-a"}, {"key": "sk-b", "state": "quota", "requests_per_minute": 500, "images_per_minute": 1000000},
         {"key": "sk-c", "tier": 1}, {"key": "sk-d", "tier": 5, "requests_per_minute": 1}]
        """.utf8))
    #expect(try keyring.account(for: "sk-a") == Account(bucket: "sk-a"))
    #expect(
      try keyring.account(for: "sk-b") == Account(state: .quota, limits: [.requests: 500, .images: 1_000_000], bucket: "sk-b"))
    #expect(try keyring.account(for: "sk-c").limits == [.images: 5])
    #expect(try keyring.account(for: "sk-d").limits == [.images: 250, .requests: 1])
  }

  @Test func `only listed keys that are not marked unknown are accepted`() throws {
    let keyring = try Keyring(file: Array(#"[{"key": "sk-a"}, {"key": "sk-gone", "state": "unknown"}]"#.utf8))
    #expect(throws: Keyring.Refusal.missing) { try keyring.account(for: nil) }
    for key in ["sk-gone", "sk-", "SK-A", "sk-a "] {
      #expect(throws: Keyring.Refusal.unknown) { try keyring.account(for: key) }
    }
    #expect(throws: Keyring.Refusal.unknown) { try Keyring(file: Array("[]".utf8)).account(for: "sk-a") }
  }

  @Test(arguments: [nil, "", "anything"]) func `without a file, any key or none is accepted`(key: String?) throws {
    #expect(try Keyring.open.account(for: key) == Account())
  }

  @Test func `a key of a file belongs to the session that its entry names, whatever the key is`() throws {
    let keyring = try Keyring(file: Array(#"[{"key": "sk-a", "session": "one"}, {"key": "sk-session-two"}]"#.utf8))
    #expect(try keyring.account(for: "sk-a").session == "one")
    #expect(try keyring.account(for: "sk-session-two").session == "")
    #expect(keyring.accounts(of: "one").map(\.bucket) == ["sk-a"] && keyring.accounts(of: "two").isEmpty)
  }

  @Test func `without a file, a key can name its session`() throws {
    #expect(try Keyring.open.account(for: "sk-session-check.out_1-2").session == "check.out_1-2")
    #expect(try Keyring.open.account(for: "sk-sessions").session == "")
    for name in ["", "a/b", String(repeating: "a", count: 65)] {
      #expect(throws: Keyring.Refusal.badSession(name)) { try Keyring.open.account(for: "sk-session-\(name)") }
    }
  }

  static let refusals: [(file: String, line: String)] = [
    ("", "the file is not valid JSON: line 1, column 1: expected a value"),
    ("[{\"key\": \"sk-a\"},\n {\"key\" \"sk-b\"}]", "the file is not valid JSON: line 2, column 9: expected ':'"),
    ("[\n\n1,]", "the file is not valid JSON: line 3, column 3: expected a value"),
    ("[] []", "the file is not valid JSON: line 1, column 4: expected the end of the document"),
    (String(repeating: "[", count: 100_000), "the file is not valid JSON: line 1, column 513: arrays and objects nest more than 512 deep"),
    (#"{"keys": []}"#, #"the file is not a list; allowed: a list of keys such as [{"key": "sk-test-1234", "state": "quota"}]"#),
    (#"[{"key": "a"}, "sk-b"]"#, #"key 2: it is a string, not an object; allowed: {"key": "…", …}"#),
    (#"[{"state": "ok"}]"#, "key 1: 'key' is missing; allowed: 1 to 256 printable ASCII characters without spaces"),
    (#"[{"key": "sk a"}]"#, "key 1: 'key' is not allowed; allowed: 1 to 256 printable ASCII characters without spaces"),
    (#"[{"key": ""}]"#, "key 1: 'key' is not allowed; allowed: 1 to 256 printable ASCII characters without spaces"),
    (#"[{"key": 7}]"#, "key 1: 'key' is not allowed; allowed: 1 to 256 printable ASCII characters without spaces"),
    (
      #"[{"key": "a", "status": "ok"}]"#,
      "key 1: 'status' is not a member of a key (did you mean state?); allowed: key, state, requests_per_minute, images_per_minute, tier, profile, session"
    ),
    (
      #"[{"key": "a", "session": "a b"}]"#,
      #"key 1: 'session' is "a b"; allowed: 1 to 64 letters, digits, dots, hyphens and underscores"#
    ),
    (#"[{"key": "a"}, {"key": "a"}]"#, "key 2: 'key' is already in the list; allowed: each key once"),
    (
      #"[{"key": "a", "state": "okay"}]"#,
      #"key 1: 'state' is "okay"; allowed: ok, unknown, quota, billing, unverified, limited"#
    ),
    (#"[{"key": "a", "key": "b"}]"#, "key 1: 'key' occurs twice; allowed: each member once"),
    (#"[{"key": "a", "state": null}]"#, "key 1: 'state' is null; allowed: ok, unknown, quota, billing, unverified, limited"),
    (#"[{"key": "a", "tier": 6}]"#, "key 1: 'tier' is 6; allowed: a whole number from 1 to 5"),
    (#"[{"key": "a", "tier": true}]"#, "key 1: 'tier' is a boolean; allowed: a whole number from 1 to 5"),
    (
      #"[{"key": "a", "requests_per_minute": 0}]"#,
      "key 1: 'requests_per_minute' is 0; allowed: a whole number from 1 to 1000000"
    ),
    (
      #"[{"key": "a", "images_per_minute": 1.5}]"#,
      "key 1: 'images_per_minute' is a decimal number; allowed: a whole number from 1 to 1000000"
    ),
    (
      #"[{"key": "a", "images_per_minute": 5, "tier": 1}]"#,
      "key 1: 'tier' and 'images_per_minute' both limit images; allowed: one of them"
    ),
    ("[" + Array(repeating: "{}", count: 1001).joined(separator: ",") + "]", "the file lists 1001 keys; allowed: at most 1000"),
    (String(repeating: " ", count: 1 << 20) + "[]", "the file has 1048578 bytes; allowed: at most 1048576"),
  ]

  @Test(arguments: refusals) func `an invalid file is refused with one line`(file: String, line: String) {
    let refusal = #expect(throws: KeyFileError.self) { try Keyring(file: Array(file.utf8)) }
    #expect(refusal?.description == line)
  }

  @Test(
    arguments: [
      ("sk-abcdefghijklmnopqrstuvwxyz", "sk-abc***xyz", "wxyz"), ("sk-abc123xyz", "sk-abc***xyz", "3xyz"), ("sk-test", "s***", nil),
      ("12345678", "12***", "5678"), ("x", "***", nil), ("", "***", nil),
    ] as [(String, String, String?)])
  func `only as much of a key is shown as identifies it`(key: String, masked: String, lastFour: String?) {
    #expect(Keyring.masked(key) == masked)
    #expect(Keyring.lastFour(of: key) == lastFour)
  }
}
