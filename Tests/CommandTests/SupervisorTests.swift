import Glibc
import SystemPackage
import Testing

@testable import fakeai_images

@Suite struct SupervisorTests {
  @Test(arguments: ["notify.sock", "@fakeai-images-test"])
  func `whoever waits for it hears that a worker is ready, in the file system or out of it`(_ name: String) throws {
    let directory = try TemporaryDirectory(in: "/tmp")
    let path = name.hasPrefix("@") ? FilePath("\(name)-\(getpid())") : directory.path.appending(name)
    let socket = try NotificationSocket(path: path)
    #expect(socket.next() == nil)
    let supervisor = Supervisor(environment: [NotificationSocket.variable: path.string])
    for message in [Supervisor.Message.alive, .ready, .stopping] { supervisor.tell(message) }
    #expect((0..<4).map { _ in socket.next()?.isReady } == [false, true, false, nil])
  }

  @Test(arguments: [[:], [NotificationSocket.variable: "/nonexistent/notify.sock"]])
  func `where nobody listens, nothing happens`(_ environment: [String: String]) {
    Supervisor(environment: environment).tell(.ready)
  }

  @Test(arguments: [
    (["WATCHDOG_USEC": "10000000"], Duration.milliseconds(2500)),
    (["WATCHDOG_USEC": "10000000", "WATCHDOG_PID": "7"], .milliseconds(2500)),
    (["WATCHDOG_USEC": "10000000", "WATCHDOG_PID": "8"], nil),
    (["WATCHDOG_USEC": "0"], nil), (["WATCHDOG_USEC": "-4"], nil), (["WATCHDOG_USEC": "soon"], nil), ([:], nil),
  ])
  func `a watchdog is fed four times in its patience, another process's never`(_ environment: [String: String], _ interval: Duration?) {
    #expect(Supervisor(environment: environment, process: 7).watchdogInterval == interval)
  }
}
