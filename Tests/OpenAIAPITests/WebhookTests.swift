import Answers
import FastCGI
import FoundationEssentials
import Hashing
import JSON
import ObjectStore
import RedisTesting
import Testing

@testable import OpenAIAPI

@Suite struct WebhookTests {
  private let fixture: ServiceFixture

  init() throws { fixture = try ServiceFixture() }

  private func create(_ url: String, _ types: String = #""batch.completed""#) -> JSONValue {
    fixture.post("/v1/webhook_endpoints", #"{"name":"x","url":"\#(url)","event_types":[\#(types)]}"#).json
  }

  private func path(_ endpoint: JSONValue, _ rest: String = "") -> String {
    "/v1/webhook_endpoints/\(endpoint["id"]?.text ?? "none")\(rest)"
  }

  // MARK: Endpoints

  @Test func `the secret is shown when it is made, and never again`() throws {
    let created = create("http://127.0.0.1:9/")
    let secret = try #require(created["signing_secret"]?.text)
    #expect(secret.hasPrefix("whsec_") && Data(base64Encoded: String(secret.dropFirst(6)))?.count == 32)
    let found = fixture.get(path(created)).json
    #expect(found["signing_secret"] == nil && found["object"] == .string("webhook_endpoint") && found["name"] == .string("x"))
    #expect(found["signing_secret_hint"]?.text == "whsec_…\(secret.suffix(4))")
    #expect(!fixture.get("/v1/webhook_endpoints").text.contains(secret))
    let rotated = fixture.post(path(created, "/rotate_secret"), "{}").json
    #expect(rotated["signing_secret"]?.text != nil && rotated["signing_secret"]?.text != secret)
  }

  @Test func `an endpoint is changed in part, listed and deleted`() {
    let created = create("http://127.0.0.1:9/")
    fixture.wait(seconds: 5)
    let same = fixture.post(path(created), #"{"name":"x"}"#).json
    #expect(same["updated_at"] == created["updated_at"])
    let changed = fixture.post(path(created), #"{"name":"y"}"#).json
    #expect(changed["name"] == .string("y") && changed["url"] == created["url"] && changed["event_types"] == created["event_types"])
    #expect(changed["updated_at"]?.number == created["updated_at"]?.number.map { $0 + 5 })
    #expect(fixture.get("/v1/webhook_endpoints").json["data"]?[0]?["id"] == created["id"])
    #expect(fixture.get(path(created), method: "DELETE").json["deleted"] == .boolean(true))
    #expect(fixture.get(path(created)).status == 404 && fixture.get(path(created), method: "DELETE").status == 404)
  }

  @Test(arguments: [
    (#"{"url":"http://a","event_types":["batch.failed"]}"#, "name"), (#"{"name":"x","event_types":["batch.failed"]}"#, "url"),
    (#"{"name":"x","url":"http://a"}"#, "event_types"), (#"{"name":"x","url":"http://a","event_types":[]}"#, "event_types"),
    (#"{"name":"x","url":"http://a","event_types":["batch.failed","b"]}"#, "event_types[1]"),
    (#"{"name":"x","url":"ftp://a","event_types":["batch.failed"]}"#, "url"),
    (#"{"name":"x","url":"http://u@a/","event_types":["batch.failed"]}"#, "url"),
    (#"{"name":"x","url":"http://","event_types":["batch.failed"]}"#, "url"),
    (#"{"name":"x","url":"http://a/\r\nX: y","event_types":["batch.failed"]}"#, "url"),
  ]) func `an endpoint that is not valid is refused`(json: String, param: String) {
    let response = fixture.post("/v1/webhook_endpoints", json)
    #expect(response.status == 400 && response.json["error"]?["param"] == .string(JSONString(param)), "\(response.text)")
  }

  @Test func `there is a limit to endpoints`() {
    for _ in 0..<64 { #expect(create("http://127.0.0.1:9/")["id"] != nil) }
    #expect(create("http://127.0.0.1:9/")["error"]?["message"]?.text?.contains("64 webhook endpoints") == true)
  }

  @Test func `an endpoint over https is taken, with the reason why nothing will come`() {
    let response = fixture.post(
      "/v1/webhook_endpoints", #"{"name":"x","url":"https://example.com/h","event_types":["batch.failed"]}"#)
    #expect(response.status == 200 && response.header("X-FakeAI-Reason")?.contains("https") == true)
    #expect(create("http://127.0.0.1:9/")["error"] == nil)
  }

  // MARK: Deliveries

  /// An example of <https://github.com/standard-webhooks/standard-webhooks>, checked with another implementation of HMAC.
  @Test func `a delivery is signed as clients verify it`() {
    var endpoint = WebhookEndpoint(
      id: "whe_1", name: "", url: "", eventTypes: [], created: 0, updated: 0, secret: "whsec_plJ3nmyCDGBKInavdOK15jsl")
    let body = Array(#"{"event_type":"ping","data":{"success":true}}"#.utf8)
    let code = "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
    let headers = endpoint.signature(of: "msg_loFOjxBNrRLzqYUf", body, now: 1_731_705_121)
    #expect(headers.map(\.value) == ["msg_loFOjxBNrRLzqYUf", "1731705121", code])
    (endpoint.oldSecret, endpoint.oldSecretEnd, endpoint.secret) = (endpoint.secret, 1_731_705_122, WebhookEndpoint.newSecret())
    #expect(endpoint.signature(of: "msg_loFOjxBNrRLzqYUf", body, now: 1_731_705_121)[2].value.hasSuffix(" " + code))
    #expect(!endpoint.signature(of: "msg_loFOjxBNrRLzqYUf", body, now: 1_731_705_122)[2].value.contains(code))
  }

  @Test func `the end of a batch reaches the endpoints that want to know`() throws {
    let (server, other) = (LoopbackServer(), LoopbackServer())
    let secret = try #require(create(server.url)["signing_secret"]?.text)
    _ = create(other.url, #""batch.failed""#)
    let id = try fixture.createBatch(of: fixture.upload([ServiceFixture.line("a")]))
    fixture.runBatches()
    let event = try #require(server.wait(for: 1).first)
    #expect(event.target == "POST /hooks?a=b HTTP/1.1" && event.headers["host"] == "127.0.0.1:\(server.port)")
    let body = try JSONValue(parsing: Array(event.body.utf8))
    #expect(body["type"] == .string("batch.completed") && body["data"]?["id"]?.text == id && body["object"] == .string("event"))
    #expect(body["id"]?.text == event.headers["webhook-id"] && body["id"]?.text?.hasPrefix("evt_") == true)
    let key = try #require(Data(base64Encoded: String(secret.dropFirst(6))))
    let text = "\(event.headers["webhook-id"]!).\(event.headers["webhook-timestamp"]!).\(event.body)"
    let code = Data(HMAC.code(of: text.utf8, key: [UInt8](key))).base64EncodedString()
    #expect(event.headers["webhook-signature"] == "v1,\(code)")
    // The other one gets the next event, and nothing before.
    let failed = try fixture.createBatch(of: "file-unknown")
    fixture.runBatches()
    #expect(other.wait(for: 1).map(\.body).allSatisfy { $0.contains(failed) })
  }

  @Test(arguments: [0, 500]) func `a delivery that fails is tried again with the same id`(status: Int) {
    let server = LoopbackServer(statuses: [status])
    _ = create(server.url)
    fixture.service.webhooks.send(WebhookEvent(.batchCompleted, about: "batch_1", at: 1))
    let events = server.wait(for: 2)
    #expect(events.count == 2 && events[0].headers["webhook-id"] == events[1].headers["webhook-id"])
  }

  @Test func `an endpoint that does not take connections keeps no other from its event`() {
    _ = create("http://127.0.0.1:9/")
    let server = LoopbackServer()
    _ = create(server.url)
    fixture.service.webhooks.send(WebhookEvent(.batchCompleted, about: "batch_1", at: 1))
    #expect(server.wait(for: 1).count == 1)
  }

  @Test func `an event that its worker has not delivered is delivered by another one, once`() throws {
    let server = LoopbackServer()
    _ = create(server.url)
    let (objects, clock) = (fixture.service.objects, fixture.service.clock)
    let event = WebhookEvent(.batchCompleted, about: "batch_1", at: 1)
    try WebhookOutbox(objects: objects, clock: clock).insert(event, dueIn: .seconds(3))
    fixture.wait(seconds: 4)
    try fixture.service.webhooks.takeOver()
    fixture.wait(seconds: 2)
    let name = try #require(ObjectName(.event, event.id))
    var claim = try objects.claim(name).wait()
    try fixture.service.webhooks.takeOver()
    // Of two events, the one whose worker lives is not taken over.
    fixture.service.webhooks.send(WebhookEvent(.batchCompleted, about: "batch_2", at: 1))
    #expect(server.wait(for: 1).map { $0.body.contains("batch_2") } == [true] && claim != nil)
    claim = nil
    try fixture.service.webhooks.takeOver()
    let taken = try #require(server.wait(for: 2).last)
    #expect(taken.body.contains("batch_1") && taken.headers["webhook-id"] == event.id)
    #expect(eventually { (try? objects.object(name).wait()) == .some(nil) })
    try fixture.service.webhooks.takeOver()
    fixture.service.webhooks.send(WebhookEvent(.batchCompleted, about: "batch_3", at: 1))
    #expect(server.wait(for: 3).map { $0.body.contains("batch_3") } == [false, false, true])
  }

  @Test func `an event that was delivered since the overdue ones were listed is not delivered again`() throws {
    let outbox = WebhookOutbox(objects: fixture.service.objects, clock: fixture.service.clock)
    try outbox.insert(WebhookEvent(.batchCompleted, about: "batch_1", at: 1), dueIn: .zero)
    fixture.wait(seconds: 1)
    #expect(try outbox.overdue().isEmpty, "its own worker has two seconds")
    fixture.wait(seconds: 2)
    let event = try #require(try outbox.overdue().first)
    var delivery = try outbox.take(event)
    #expect(delivery != nil)
    delivery = nil
    #expect(try outbox.take(event) == nil)
    #expect(try outbox.overdue().isEmpty)
  }

  @Test(arguments: [200, 404]) func `a test reports the status of the endpoint's response`(status: Int) {
    let server = LoopbackServer(statuses: [status])
    let created = create(server.url)
    let result = fixture.post(path(created, "/test"), #"{"event_type":"response.completed"}"#).json
    #expect(result["status_code"]?.number == status && result["success"] == .boolean(true))
    #expect(result["webhook_endpoint_id"] == created["id"] && result["event_type"] == .string("response.completed"))
    #expect(server.all.count == 1)
  }

  @Test(arguments: [
    ("http://127.0.0.1:9/", "refused"), ("https://127.0.0.1/", "no TLS client"), ("http://192.0.2.1/", "FAKEAI_WEBHOOK_HOSTS"),
    ("http://0.0.0.0/", "FAKEAI_WEBHOOK_HOSTS"), ("http://169.254.169.254/", "FAKEAI_WEBHOOK_HOSTS"),
  ]) func `a test of an endpoint that cannot be reached says why`(url: String, reason: String) {
    let response = fixture.post(path(create(url), "/test"), #"{"event_type":"batch.failed"}"#)
    #expect(response.status == 400 && response.text.lowercased().contains(reason.lowercased()), "\(response.text)")
  }

  @Test func `addresses are compared by their leading bits`() {
    let hosts = WebhookHosts([(bytes: [10, 1, 0, 0], prefix: 16), (bytes: [0xfd] + [UInt8](repeating: 0, count: 15), prefix: 8)])
    #expect(hosts.contains([127, 9, 9, 9]) && hosts.contains([UInt8](repeating: 0, count: 15) + [1]))
    #expect(hosts.contains([10, 1, 2, 3]) && !hosts.contains([10, 2, 0, 0]) && hosts.contains([0xfd] + [UInt8](repeating: 7, count: 15)))
    let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
    #expect(hosts.contains(mapped + [127, 0, 0, 1]) && !hosts.contains(mapped + [8, 8, 8, 8]))
    #expect(!hosts.contains([0, 0, 0, 0]) && !hosts.contains([UInt8](repeating: 0, count: 16)))
  }

  @Test func `the mock's own routes take no events`() {
    let usual = ["HTTP_HOST": "localhost", "HTTP_USER_AGENT": WebhookSender.userAgent]
    #expect(fixture.post("/_fakeai/reset", "", usual).status == 403)
    #expect(fixture.post("/_fakeai/reset", "", ["HTTP_HOST": "localhost"]).status == 200)
  }
}
