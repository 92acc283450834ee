import Redis
import Testing

@Suite struct RedisURLTests {
  @Test(arguments: [
    ("redis://127.0.0.1", "redis://127.0.0.1:6379"), ("redis://h:1/0", "redis://h:1"), ("redis://h:1/", "redis://h:1"),
    ("REDIS://h:7000/15", "redis://h:7000/15"), ("redis://:secret@h", "redis://:***@h:6379"),
    ("redis://user:secret@h:1/2", "redis://user:***@h:1/2"), ("redis://user:se@cr:et@h:1", "redis://user:***@h:1"),
    ("redis://[::1]", "redis://[::1]:6379"), ("redis://[fe80::1]:7/1", "redis://[fe80::1]:7/1"),
    ("redis://a:1,b:2", "redis+cluster://a:1,b:2"), ("redis+cluster://a", "redis+cluster://a:6379"),
    ("redis+sentinel://a,b:1/mymaster", "redis+sentinel://a:26379,b:1/mymaster"),
    ("redis+sentinel://:secret@a/my%20master/3", "redis+sentinel://:***@a:26379/my master/3"), ("unix:///a/b.sock", "unix:///a/b.sock"),
    ("unix:///a%20b?db=2", "unix:///a b?db=2"), ("redis+unix://u:secret@/a", "unix://u:***@/a"),
  ])
  func `a URL is understood, and described without its password`(text: String, description: String) throws {
    #expect("\(try RedisURL(parsing: text))" == description)
  }

  @Test func `user and password are decoded`() throws {
    let url = try RedisURL(parsing: "redis://a%3Ab:p%40%25%C3%A4@h")
    #expect((url.user, url.password) == ("a:b", "p@%ä"))
    #expect(url == RedisURL(.single(.tcp(host: "h", port: 6379)), user: "a:b", password: "p@%ä"))
  }

  @Test(arguments: [
    ("", "it has no scheme"), ("127.0.0.1:6379", "it has no scheme"), ("http://h", "unknown scheme \"http\""),
    ("rediss://h", "has no TLS to Redis"), ("redis://", "a host is empty"), ("redis://h:", "a port is not a number"),
    ("redis://h:0", "a port is not a number"), ("redis://h:65536", "a port is not a number"), ("redis://h:1,", "a host is empty"),
    ("redis://h/x", "the database after the host is not"), ("redis://h/-1", "the database after the host is not"),
    ("redis://h/1/2", "several parts"),
    ("redis://a,b/1", "a Cluster has no database but 0"), ("redis+cluster://a/1", "a Cluster has no database but 0"),
    ("redis://secret@h", "before the @ there is no password"), ("redis://:secret%@h", "the password has a %"),
    ("redis://:secret%ff@h", "not valid UTF-8"), ("redis://[::1", "no closing bracket"), ("redis://[::1]x", "only a port may follow"),
    ("redis://h?db=1", "parameters after ? are only for unix://"), ("unix://relative", "must be absolute"),
    ("unix:///a?x=1", "a parameter after ? is unknown"),
    ("unix:///a?db=x", "the database after the host is not"), ("redis+sentinel://h", "the name by which Sentinel"),
    ("redis+sentinel://h/m/0/1", "the name by which"),
  ])
  func `a mistake is described in one line without the password`(text: String, part: String) {
    let error = #expect(throws: RedisURLError.self) { try RedisURL(parsing: text) }
    #expect(error?.description.contains(part) == true, "\(String(describing: error))")
    #expect(error?.description.contains("secret") == false && error?.description.contains("\n") == false)
  }
}
