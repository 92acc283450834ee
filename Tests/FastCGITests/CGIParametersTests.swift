import FastCGI
import Testing

@Suite struct VariablesTests {
  private let variables: CGIParameters = [
    "REQUEST_METHOD": "GET", "CONTENT_TYPE": "", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED": "", "X_FORWARDED_PROTO": "no",
    "HTTP_TWICE": "first", "HTTP_TWICE": "last",
  ]

  @Test func `a variable is found by its whole name`() {
    #expect(variables["REQUEST_METHOD"] == "GET")
    #expect(variables["CONTENT_TYPE"] == "")
    for name in ["REQUEST_METHO", "REQUEST_METHODS", "request_method", "EQUEST_METHOD", ""] { #expect(variables[name] == nil) }
    #expect(CGIParameters()["REQUEST_METHOD"] == nil)
  }

  @Test func `a header is found in any case, and only among headers`() {
    let request = Request(method: "GET", path: "/", variables: variables)
    for name in ["X-Forwarded-Proto", "x-forwarded-proto", "X_FORWARDED_PROTO"] { #expect(request.header(name) == "https") }
    #expect(request.header("X-Forwarded") == "")
    for name in ["X-Forwarded-", "X-Forwarded-Prot", "X-Forwarded-Proto-", "Request-Method", ""] { #expect(request.header(name) == nil) }
  }

  @Test func `the last of several variables with one name wins`() { #expect(variables["HTTP_TWICE"] == "last") }

  @Test func `all headers of one name are a list, in their order`() {
    let request = Request(method: "GET", path: "/", variables: variables)
    #expect(request.headerList("twice") == "first, last")
    #expect(request.headerList("X-Forwarded") == "")
    #expect(request.headerList("X-Forwarded-") == nil && request.headerList("X") == nil)
  }

  @Test func `headers are found by the beginning of their names`() {
    let request = Request(method: "GET", path: "/", variables: variables)
    for start in ["X-", "x-forwarded-p", "Twice", ""] { #expect(request.hasHeader(startingWith: start)) }
    for start in ["If-", "Forwarded", "Twice-", "Request-", "X-Forwarded-Proto-"] { #expect(!request.hasHeader(startingWith: start)) }
  }

  @Test func `an empty content type is nil`() {
    #expect(Request(method: "GET", path: "/", variables: variables).contentType == nil)
    #expect(Request(method: "GET", path: "/", variables: ["CONTENT_TYPE": "text/plain"]).contentType == "text/plain")
  }
}
