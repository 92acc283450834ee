import Glibc
import SystemPackage
import Testing

@testable import fakeai_images

@Suite struct SupervisionTests {
  @Test func `what ends once is started at once, what ends again and again waits longer and longer`() {
    var backoff = Backoff()
    let delays = (1...9).map { _ in backoff.delay(afterLifetime: .milliseconds(10), wasReady: false) / .milliseconds(1) }
    #expect(delays == [0, 100, 200, 400, 800, 1600, 3200, 5000, 5000])
  }

  @Test func `a process that lived for a while is forgiven`() {
    var backoff = Backoff()
    for _ in 1...20 { _ = backoff.delay(afterLifetime: .zero, wasReady: false) }
    #expect(backoff.delay(afterLifetime: .seconds(1), wasReady: false) == .zero)
    #expect(backoff.delay(afterLifetime: .zero, wasReady: false) == .zero)
    #expect(backoff.delay(afterLifetime: .zero, wasReady: false) == .milliseconds(100))
  }

  @Test func `what is killed although it served is started ten times a second at most, and never waits longer`() {
    var backoff = Backoff()
    for _ in 1...20 { _ = backoff.delay(afterLifetime: .zero, wasReady: false) }
    let delays = [0, 30, 99, 100, 800].map { backoff.delay(afterLifetime: .milliseconds($0), wasReady: true) / .milliseconds(1) }
    #expect(delays == [100, 70, 1, 0, 0])
    #expect(backoff.delay(afterLifetime: .zero, wasReady: false) == .milliseconds(100))
  }

  @Test(arguments: [
    (CInt(0), ProcessEnd.status(0), "exit status 0"), (0x0100, .status(1), "exit status 1"), (9, .signal(9), "signal 9 (Killed)"),
    (0x8b, .signal(11), "signal 11 (Segmentation fault)"),
  ])
  func `how a process ended is told in words`(_ status: CInt, _ end: ProcessEnd, _ words: String) {
    #expect(ProcessEnd(waitStatus: status) == end)
    #expect(end.description == words)
  }

  @Test(arguments: [
    ("READY=1\nMAINPID=42", pid_t?.some(42)), ("MAINPID=42\nSTATUS=x\nREADY=1", 42), ("READY=1", nil), ("MAINPID=42", nil),
    ("READY=1\nMAINPID=x", nil), ("", nil),
  ])
  func `a worker is ready when it says so and who it is`(_ message: String, _ process: pid_t?) {
    #expect(NotificationSocket.readyProcess(in: message) == process)
  }
}
