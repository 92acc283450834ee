import Testing

@testable import fakeai_images

/// What Kubernetes sets in each container of a namespace that has services called `fakeai` and `fakeai-images`, and Docker's links.
@Suite struct ServiceLinkTests {
  private static let links = [
    "FAKEAI_PORT": "tcp://10.0.0.1:8000", "FAKEAI_SERVICE_HOST": "10.0.0.1", "FAKEAI_SERVICE_PORT": "8000",
    "FAKEAI_SERVICE_PORT_HTTP": "8000", "FAKEAI_PORT_8000_TCP": "tcp://10.0.0.1:8000", "FAKEAI_PORT_8000_TCP_PROTO": "tcp",
    "FAKEAI_PORT_8000_TCP_PORT": "8000", "FAKEAI_PORT_8000_TCP_ADDR": "10.0.0.1", "FAKEAI_IMAGES_SERVICE_HOST": "10.0.0.2",
    "FAKEAI_IMAGES_PORT": "udp://10.0.0.2:53", "FAKEAI_IMAGES_PORT_53_UDP": "udp://10.0.0.2:53",
    "FAKEAI_IMAGES_PORT_9_SCTP_ADDR": "10.0.0.2",
  ]

  @Test func `they set nothing, and nobody is warned of them`() throws {
    #expect(try Settings(environment: Self.links) == Settings())
    #expect(UnknownVariable.all(in: Self.links).isEmpty)
  }

  @Test func `settings and slips of the finger beside them still count`() throws {
    let environment = Self.links.merging(["FAKEAI_PORT": "9000", "FAKEAI_SERVICE": "1", "FAKEAI_PORTS": "tcp://1"]) { $1 }
    #expect(try Settings(environment: environment).port == 9000)
    #expect(UnknownVariable.all(in: environment).map(\.name) == ["FAKEAI_PORTS", "FAKEAI_SERVICE"])
  }

  @Test func `no setting has the name of a link`() {
    let settings = Dictionary(uniqueKeysWithValues: Settings.table.map { ($0.variable, "1") })
    #expect(ServiceLink.removed(from: settings) == settings)
  }
}
