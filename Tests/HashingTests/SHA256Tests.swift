import Hashing
import Testing

@Suite struct SHA256Tests {
  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The examples of FIPS 180-4, and lengths on both sides of a block's end (by coreutils' sha256sum).
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
    (String(repeating: "a", count: 55), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
    (String(repeating: "a", count: 56), "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
    (String(repeating: "a", count: 64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func `a text has the digest of the standard`(text: String, digest: String) {
    #expect(Self.hexadecimal(SHA256.hash(text.utf8)) == digest)
  }

  @Test func `a text that comes in pieces has the same digest`() {
    let text = Array("The quick brown fox jumps over the lazy dog, and again, and again, until the block is full.".utf8)
    for cut in 0...text.count {
      var hash = SHA256()
      hash.update(text[..<cut])
      hash.update(text[cut...])
      #expect(hash.finish() == SHA256.hash(text))
    }
  }

  /// RFC 4231, sections 4.2 to 4.8 without the truncated one.
  @Test(arguments: [
    ([UInt8](repeating: 0x0b, count: 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (Array("Jefe".utf8), "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (
      [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131),
      "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by "
        + "the HMAC algorithm.", "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
    ),
  ])
  func `a code is that of the standard`(key: [UInt8], message: String, code: String) {
    #expect(Self.hexadecimal(HMAC.code(of: message.utf8, key: key)) == code)
  }

  @Test(arguments: [
    ([UInt8](repeating: 0xaa, count: 20), UInt8(0xdd), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (Array(1...25), 0xcd, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
  ])
  func `a code of bytes is that of the standard`(key: [UInt8], byte: UInt8, code: String) {
    #expect(Self.hexadecimal(HMAC.code(of: [UInt8](repeating: byte, count: 50), key: key)) == code)
  }

  @Test func `codes are equal only in all of their bytes`() {
    #expect(HMAC.isEqual([1, 2, 3], [1, 2, 3]))
    for other in [[], [1, 2], [1, 2, 3, 0], [0, 2, 3], [1, 2, 131]] as [[UInt8]] { #expect(!HMAC.isEqual([1, 2, 3], other)) }
  }
}
