import Glibc
import SystemCalls
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
    ("READY=1\nMAINPID=42", pid_t?.some(42), true), ("MAINPID=42\nSTATUS=x\nREADY=1", 42, true), ("WATCHDOG=1\nMAINPID=42", 42, false),
    ("READY=1", nil, false), ("READY=1\nMAINPID=x", nil, false), ("", nil, false),
  ])
  func `a worker is ready when it says so, and moves whatever it says`(_ text: String, _ process: pid_t?, _ isReady: Bool) {
    let message = WorkerMessage(text)
    #expect(message?.process == process && message?.isReady ?? false == isReady)
  }

  @Test func `a worker's reason to end is its own line`() {
    #expect(WorkerMessage("STATUS=FAKEAI_KEYS: no file: x\nMAINPID=42")?.reason == "FAKEAI_KEYS: no file: x")
    #expect(WorkerMessage("READY=1\nMAINPID=42")?.reason == nil)
  }

  private let began = Instant.now

  private func verdicts(_ watchdog: inout Watchdog, at seconds: Double...) -> [Watchdog.Verdict?] {
    seconds.map { watchdog.verdict(at: began + .seconds($0)) }
  }

  @Test func `a worker that falls silent is aborted, and killed where that does not end it`() {
    var watchdog = Watchdog(patience: .seconds(30))
    watchdog.began(at: began)
    watchdog.heard(at: began, isReady: true)
    #expect(verdicts(&watchdog, at: 29, 30, 31, 34, 35) == [nil, .abort, nil, nil, .kill])
    // What it says in its last moments does not save it.
    watchdog.heard(at: began + .seconds(36), isReady: true)
    #expect(verdicts(&watchdog, at: 40) == [.kill])
  }

  @Test func `a worker that speaks lives, and one that is still starting has longer`() {
    var watchdog = Watchdog(patience: .seconds(30))
    #expect(verdicts(&watchdog, at: 1000) == [nil], "nothing has been started")
    watchdog.began(at: began)
    #expect(verdicts(&watchdog, at: 31, 89) == [nil, nil])
    for second in stride(from: 0.0, to: 200, by: 20) {
      watchdog.heard(at: began + .seconds(second), isReady: true)
      #expect(verdicts(&watchdog, at: second + 19) == [nil])
    }
    #expect(verdicts(&watchdog, at: 210) == [.abort])
    watchdog.began(at: began + .seconds(300))
    #expect(verdicts(&watchdog, at: 389, 390) == [nil, .abort], "the next one begins anew")
  }

  @Test(arguments: [
    (["WATCHDOG_USEC": "2000000"], Duration.seconds(2)), ([:], .seconds(30)), (["WATCHDOG_USEC": "0"], .seconds(30)),
    (["WATCHDOG_USEC": "9223372036854775807"], .seconds(30)), (["WATCHDOG_USEC": "soon"], .seconds(30)),
    (["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "7"], .seconds(30)),
  ])
  func `a watchdog over serve itself is not passed on to the workers`(_ environment: [String: String], _ patience: Duration) {
    #expect(Pool.patience(environment) == patience)
  }

  @Test func `a worker is down once it has failed to start twice, and up as soon as it is ready`() throws {
    let launch = ProcessLaunch(path: "/bin/true", arguments: [], environment: [:], descriptors: [0], firstNumber: 0)
    var worker = SupervisedProcess(.worker(number: 1), launch: launch)
    func fail() throws {
      try worker.start(at: began)
      var status: CInt = 0
      waitpid(try #require(worker.process), &status, 0)
      _ = worker.ended(at: began, .status(1))
    }
    func isDown() -> Bool { worker.isDown(at: began + .seconds(1)) }
    try fail()
    #expect(!isDown(), "one failure may pass")
    try fail()
    #expect(isDown())
    try worker.start(at: began)
    #expect(isDown(), "it may fail again")
    #expect(!worker.isDown(at: began + .seconds(6)), "one that lives so long serves, even if its message was lost")
    worker.said(try #require(WorkerMessage("READY=1\nMAINPID=\(worker.process!)")), at: began)
    #expect(!isDown())
    var status: CInt = 0
    waitpid(try #require(worker.process), &status, 0)
    _ = worker.ended(at: began, .status(1))
    #expect(!isDown(), "one that served is started again at once")
  }
}
