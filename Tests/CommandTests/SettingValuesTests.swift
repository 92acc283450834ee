import JSON
import Testing

@testable import fakeai_images

/// What each variable accepts and refuses.
@Suite struct SettingValuesTests {
  struct Accepted: CustomTestStringConvertible {
    let setting: Setting
    let text: String
    /// The text that a worker gets for it.
    let written: String

    init(_ setting: Setting, _ text: String, writtenAs written: String? = nil) {
      self.setting = setting
      self.text = text
      self.written = written ?? text
    }

    var testDescription: String { "\(setting.variable)=\(text)" }
  }

  static let accepted: [Accepted] =
    [
      Accepted(.host, "0.0.0.0"), Accepted(.host, "::1"), Accepted(.host, "localhost", writtenAs: "127.0.0.1"),
      Accepted(.host, "[::1]", writtenAs: "::1"), Accepted(.host, "[::]", writtenAs: "::"),
      Accepted(.host, "127.0.0.1, 10.0.0.1,[FD00::0:1]", writtenAs: "127.0.0.1,10.0.0.1,fd00::1"),
      Accepted(.host, "127.0.0.1,0.0.0.0,::1,127.0.0.2,::1", writtenAs: "0.0.0.0,::1"),
      Accepted(.host, "0.0.0.0,::,::1", writtenAs: "::"), Accepted(.host, "::ffff:127.0.0.1", writtenAs: "127.0.0.1"),
      Accepted(.port, "1"), Accepted(.port, "65535"), Accepted(.port, "0"),
      Accepted(.workers, "1"), Accepted(.workers, "64"),
      Accepted(.imageStorePath, "/nonexistent"), Accepted(.imageStorageBackend, "disk"), Accepted(.imageStorageBackend, "redis"),
      Accepted(.redisURL, "redis://10.1.2.3"), Accepted(.redisURL, "redis://user:p%40ss@[::1]:7000/3"),
      Accepted(.redisURL, "redis://a:1,b:2"), Accepted(.redisURL, "redis+sentinel://a,b/main"),
      Accepted(.redisURL, "unix:///run/redis.sock?db=1"),
      Accepted(.redisReplicas, "0"), Accepted(.redisReplicas, "10"),
      Accepted(.redisTimeout, "50ms"), Accepted(.redisTimeout, "60s", writtenAs: "1m"),
      Accepted(.redisPrefix, "team-a.staging_1:"), Accepted(.hostName, "Web-1.example_x"),
      Accepted(.imageStorageBackend, "memory"), Accepted(.imageStorageBackend, "Memory", writtenAs: "memory"),
      Accepted(.imageRetentionHours, "168"), Accepted(.imageRetentionHours, "0.5"), Accepted(.imageRetentionHours, "1.0", writtenAs: "1"),
      Accepted(.imageStoreSize, "65536K", writtenAs: "64M"), Accepted(.imageStoreSize, "256Mi", writtenAs: "256M"),
      Accepted(.imageStoreSize, "256MiB", writtenAs: "256M"), Accepted(.imageStoreSize, "256MB", writtenAs: "256M"),
      Accepted(.imageStoreSize, "256m", writtenAs: "256M"), Accepted(.imageStoreSize, "2gb", writtenAs: "2G"),
      Accepted(.imageStoreSize, "2048ki", writtenAs: "2M"), Accepted(.imageStoreSize, "1048577"),
      Accepted(.imageStoreSize, "1M"), Accepted(.imageStoreSize, "64G"),
      Accepted(.imageStoreSize, "1048577"), Accepted(.imageStoreSize, "16777216", writtenAs: "16M"),
      Accepted(.imageStoreFull, "evict"), Accepted(.imageStoreFull, "refuse"),
      Accepted(.fileStoreSize, "1M"), Accepted(.fileStoreSize, "64G"), Accepted(.responseStoreSize, "32768K", writtenAs: "32M"),
      Accepted(.unknownIDs, "refuse"), Accepted(.unknownIDs, "Invent", writtenAs: "invent"),
      Accepted(.imageStoreName, "a"), Accepted(.imageStoreName, "0123456789-abcdefghijklmnopqrstu"),
      Accepted(.publicURL, "http://localhost"), Accepted(.publicURL, "https://a-b.example.com:8443/mock/v1"),
      Accepted(.publicURL, "http://[::1]:8000"), Accepted(.publicURL, "https://a.example/", writtenAs: "https://a.example"),
      Accepted(.publicURL, "http://a:80/b//", writtenAs: "http://a:80/b"),
      Accepted(.urlStyle, "plain"), Accepted(.urlStyle, "azure-blob"), Accepted(.urlStyle, "Plain", writtenAs: "plain"),
      Accepted(.trustedHosts, "mock.test"),
      Accepted(.trustedHosts, " Mock.Test. , .lab.test,a_b-c", writtenAs: "mock.test,.lab.test,a_b-c"),
      Accepted(.trustedHosts, Array(repeating: "a", count: 64).joined(separator: ",")),
      Accepted(.insiders, "10.0.0.0/8, 192.168.1.5,fd00::/8,::1", writtenAs: "10.0.0.0/8,192.168.1.5,fd00::/8,::1"),
      Accepted(.insiders, "192.168.1.5/32,FD00::1/128,0.0.0.0/0,::/0", writtenAs: "192.168.1.5,fd00::1,0.0.0.0/0,::/0"),
      Accepted(.insiders, "::ffff:10.0.0.0/104,::ffff:10.1.2.3", writtenAs: "10.0.0.0/8,10.1.2.3"),
      Accepted(.profile, "fakeai"), Accepted(.profile, "openai"), Accepted(.profile, "openai-dalle"),
      Accepted(.profile, "OpenAI", writtenAs: "openai"),
      Accepted(.responseFormat, "url"), Accepted(.responseFormat, "b64_json"), Accepted(.responseFormat, "URL", writtenAs: "url"),
      Accepted(.keys, "/etc/passwd"),
      Accepted(.requestsPerMinute, "1"), Accepted(.requestsPerMinute, "1000000"),
      Accepted(.imagesPerMinute, "250"),
      Accepted(.journalSize, "0"), Accepted(.journalSize, "10000"),
      Accepted(.limitRefill, "continuous"), Accepted(.limitRefill, "minute"),
      Accepted(.imageTimestamp, "2026-11-22 23:59:59"),
      Accepted(.font, "/etc/passwd"),
      Accepted(.latency, "none"), Accepted(.latency, "1500ms", writtenAs: "fixed:1500ms"), Accepted(.latency, "uniform:1s..3s"),
      Accepted(.latency, "lognormal:p50=12s,p99=60s", writtenAs: "lognormal:p50=12s,p99=1m"),
      Accepted(.latency, "seed"), Accepted(.latency, "openai"),
      Accepted(.rules, "/etc/passwd"), Accepted(.pictures, "/etc"), Accepted(.templates, "/etc"),
      Accepted(.template, "card"), Accepted(.template, "none"),
      Accepted(.batchTime, "0s"), Accepted(.batchTime, "10s"), Accepted(.batchTime, "1440m"), Accepted(.batchTime, "60s", writtenAs: "1m"),
      Accepted(.webhookHosts, "10.0.0.0/8, ::1", writtenAs: "10.0.0.0/8,::1"),
      Accepted(.drainTime, "0s"), Accepted(.drainTime, "90s"), Accepted(.drainTime, "10m"),
      Accepted(.drainTime, "0.5m", writtenAs: "30s"), Accepted(.stopDelay, "0s"), Accepted(.stopDelay, "1500ms"),
      Accepted(.tlsCertificate, "/etc/passwd"), Accepted(.tlsKey, "/etc/passwd"), Accepted(.tlsDirectory, "/nonexistent"),
      Accepted(.accessLog, "-"), Accepted(.accessLog, "logs/not there yet"), Accepted(.nginxDirectory, "/nonexistent"),
      Accepted(.logLevel, "trace"), Accepted(.logLevel, "critical"), Accepted(.logLevel, "INFO", writtenAs: "info"),
    ]
    + [("true", "YES", "1", "on"), ("false", "No", "0", "OFF")].flatMap { words in
      let written = words.0
      return [Setting.generateActualImages, .promptDirectives, .tls].flatMap { setting in
        [words.0, words.1, words.2, words.3].map { Accepted(setting, $0, writtenAs: written) }
      }
    }

  @Test(arguments: accepted) func `is accepted`(_ value: Accepted) throws {
    let settings = try Settings(environment: [value.setting.variable: value.text])
    #expect(value.setting.text(settings) == value.written)
  }

  static let refused: [(setting: Setting, texts: [String], allowed: String)] = [
    (
      .host,
      [
        "example.com", "127.0.0.1:80", "[::1", "[::1]:80", "[127.0.0.1]", "256.0.0.1", "10.0.0.0/8", "127.0.0.1,", ",",
        Array(repeating: "::1", count: 17).joined(separator: ","),
      ], "up to 16 IPv4 or IPv6 addresses such as 127.0.0.1, 0.0.0.0, ::1 or ::, or localhost, separated by commas"
    ),
    (.port, ["-1", "+1", "65536", "80 ", "0x50", "eighty"], "a whole number from 0 to 65535, where 0 is any free port"),
    (.workers, ["0", "65", "1.5", "-2", "99999999999999999999"], "a whole number from 1 to 64"),
    (.generateActualImages, ["maybe", "2", "y"], "true, 1, yes, on, false, 0, no or off, in any case"),
    (.imageStorageBackend, ["file", "valkey"], "memory, disk or redis"),
    (.redisReplicas, ["-1", "11", "one"], "a whole number from 0 to 10, where 0 is none"),
    (.redisTimeout, ["0", "49ms", "61s", "1"], "a time from 50ms to 1m, such as 250ms, 1.5s or 2m"),
    (
      .redisPrefix, ["{a}", "a b", "ä", String(repeating: "a", count: 65)], "1 to 64 letters, digits, :, ., _ and -"
    ),
    (.hostName, ["a:b", "a b", "ä", "a/b", String(repeating: "a", count: 65)], "1 to 64 letters, digits, ., _ and -"),
    (
      .imageRetentionHours, ["0", "0.0", "-1", "169", "168.01", "nan", "inf", "0x1p3", "1h", "1,5"],
      "a decimal number of hours, above 0 and at most 168"
    ),
    (
      .imageStoreSize,
      ["0", "1048575", "1023K", "65G", "256MM", "256 M", "256bytes", "256iB", "1.5G", "M", "٢M", "-1M", "9999999999999999999G"],
      "a size from 1M to 64G, such as 16777216, 256M or 1G"
    ),
    (.imageStoreFull, ["drop"], "evict or refuse"),
    (.fileStoreSize, ["0", "1023K", "65G"], "a size from 1M to 64G, such as 16777216, 256M or 1G"),
    (.responseStoreSize, ["0", "1023K", "65G"], "a size from 1M to 64G, such as 16777216, 256M or 1G"),
    (.unknownIDs, ["404", "ignore"], "refuse or invent"),
    (.imageStoreName, ["a_b", "A", "ä", "../x", "0123456789-abcdefghijklmnopqrstuv"], "1 to 32 of a-z, 0-9 and -"),
    (
      .publicURL,
      [
        "localhost:8000", "ftp://a", "http://", "http:///", "http://a?b", "http://a#b", "http://a/b?c=d", "http://a:0", "http://a:65536",
        "http://u@a", "http://a b", "http://a/b\nc", "http://:80", "http://[zz]", "HTTP://a",
      ], "http(s)://host[:port][/path] without a query or fragment"
    ),
    (
      .trustedHosts,
      [
        "a,", ",", "a,,b", "*.a", "a b", "a:80", "http://a", ".", "..a", "a..b", "[::1]", "ä.test", " ",
        Array(repeating: "a", count: 65).joined(separator: ","), String(repeating: "a", count: 64), "a/b", "a\nb",
      ], "up to 64 host names, or suffixes such as .example.com, separated by commas"
    ),
    (.urlStyle, ["azure", "azure_blob"], "plain or azure-blob"),
    (
      .insiders,
      [
        "a,", ",", "10.0.0.0/8,,::1", "10.0.0.5/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "10.0.0/8", "fd00::1/8", "fd00::/129",
        "[::1]", "localhost", "10.0.0.1:80", "10.0.0.0/8/8", "010.0.0.1", "fe80::1%eth0", "10.0.0.0/8;", "::ffff:10.0.0.1/104",
        Array(repeating: "::1", count: 257).joined(separator: ","),
      ], "up to 256 addresses, or networks without host bits such as 10.0.0.0/8 and fd00::/8, separated by commas"
    ),
    (.profile, ["dalle"], "fakeai, openai or openai-dalle"),
    (.responseFormat, ["base64", "both"], "url or b64_json"),
    (.keys, ["/nonexistent.json"], "the path of a regular file that can be read"),
    (.requestsPerMinute, ["0", "1000001", "-1", "1.5", "tier 1"], "a whole number from 1 to 1000000"),
    (.imagesPerMinute, ["0", "1000001", "5/min"], "a whole number from 1 to 1000000"),
    (.journalSize, ["-1", "10001", "1K"], "a whole number from 0 to 10000, where 0 is none"),
    (.limitRefill, ["hour"], "continuous or minute"),
    (
      .imageTimestamp, ["now", "2026-11-22", "2026-11-22T23:59:59", "2026-13-22 00:00:00", "2026-11-22 24:00:00", "2026-11-22 00:00:0x"],
      "a time as YYYY-MM-DD HH:MM:SS"
    ),
    (.font, ["/nonexistent.ttf"], "the path of a regular file that can be read"),
    (
      .latency, ["fast", "2", "601s", "uniform:3s..1s", "fixed:-1s"],
      "none, fixed:2s (or just 2s), uniform:1s..3s, lognormal:p50=12s,p99=60s, seed or openai, with times such as 250ms, 1.5s or 2m up to 10m"
    ),
    (.rules, ["/nonexistent.json"], "the path of a regular file that can be read"),
    (.pictures, ["/nonexistent", "/etc/passwd"], "the path of a directory that can be read"),
    (.templates, ["/nonexistent", "/etc/passwd"], "the path of a directory that can be read"),
    (.template, [String(repeating: "a", count: 251)], "the name of a template of 1 to 250 bytes, or none"),
    (.promptDirectives, ["maybe"], "true, 1, yes, on, false, 0, no or off, in any case"),
    (.batchTime, ["10", "-1s", "1441m", "24h"], "a time from 0s to 1440m, such as 250ms, 1.5s or 2m"),
    (
      .webhookHosts, ["localhost", "10.0.0.5/8", "*", "http://10.0.0.1"],
      "up to 256 addresses, or networks without host bits such as 10.0.0.0/8 and fd00::/8, separated by commas"
    ),
    (.drainTime, ["30", "-1s", "11m"], "a time from 0s to 10m, such as 250ms, 1.5s or 2m"),
    (.stopDelay, ["5", "-1s", "601s"], "a time from 0s to 10m, such as 250ms, 1.5s or 2m"),
    // Whether these can be used is only known when they are.
    // A URL may hold a password, so a refusal does not show it.
    (.redisURL, [], ""),
    (.imageStorePath, [], ""), (.accessLog, [], ""), (.nginxDirectory, [], ""), (.tlsDirectory, [], ""),
    (.tls, ["maybe"], "true, 1, yes, on, false, 0, no or off, in any case"),
    (.tlsCertificate, ["/nonexistent.pem"], "the path of a regular file that can be read"),
    (.tlsKey, ["/nonexistent.pem"], "the path of a regular file that can be read"),
    (.logLevel, ["loud", "warn"], "trace, debug, info, notice, warning, error or critical"),
  ]

  @Test func `every setting is in both tables`() {
    let all = Set(Settings.table.map(\.variable))
    #expect(Set(Self.accepted.map(\.setting.variable)) == all)
    #expect(Set(Self.refused.map(\.setting.variable)) == all)
  }

  @Test(arguments: Settings.table) func `an empty value means that it is not set`(_ setting: Setting) throws {
    #expect(try Settings(environment: [setting.variable: ""]) == Settings())
    #expect(try Settings(flags: [setting.variable: ""], environment: [:]) == Settings())
  }

  @Test(arguments: refused.flatMap { row in row.texts.map { (row.setting.variable, $0, row.allowed) } })
  func `is refused with a line that says what is allowed`(_ variable: String, _ text: String, _ allowed: String) {
    let refusal = #expect(throws: SettingRefusal.self) { try Settings(environment: [variable: text]) }
    let suggestion = refusal?.suggestion ?? ""
    #expect(refusal?.description == "\(variable) is \(text.debugDescription)\(suggestion); allowed: \(allowed)")
  }

  @Test(arguments: [
    "rediss://:s3cret@h", "redis://user:s3cret@h:99999", "redis://:s3/cret@h", "redis://user:s3cret", "s3cret", "redis://:s3cret@h/x",
    "unix:///a?s3cret=1", "redis://s3cret@h",
  ])
  func `a URL of Redis that is refused is not shown`(_ url: String) {
    let refusal = #expect(throws: SettingRefusal.self) { try Settings(environment: ["FAKEAI_REDIS_URL": url]) }
    let line = refusal?.description ?? ""
    #expect(line.hasPrefix("FAKEAI_REDIS_URL is not usable: ") && !line.contains("s3") && !line.contains("cret"), "\(line)")
  }

  @Test(arguments: [
    ("FAKEAI_URL_STYLE", "azure_blob", " (did you mean azure-blob?)"), ("FAKEAI_PROFILE", "OpenIA", " (did you mean openai?)"),
    ("FAKEAI_PROFILE", "azure", ""), ("FAKEAI_WORKERS", "1O", ""),
  ])
  func `a value that resembles one that is allowed is answered with it`(_ variable: String, _ text: String, _ suggestion: String) {
    let refusal = #expect(throws: SettingRefusal.self) { try Settings(environment: [variable: text]) }
    #expect(refusal?.suggestion == suggestion)
  }
}
