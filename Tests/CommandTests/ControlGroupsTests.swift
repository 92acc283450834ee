import FoundationEssentials
import SystemPackage
import Testing

@testable import fakeai_images

/// Machines with control groups, as directories of files.
@Suite struct ControlGroupsTests {
  private static func limits(_ files: [String: String]) throws -> ControlGroups {
    let root = FileManager.default.temporaryDirectory.appending(path: "fakeai-test-\(UUID())")
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, text) in files {
      let file = root.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    return ControlGroups(root: FilePath(root.path))
  }

  private static let version2 = [
    "proc/self/cgroup": "0::/user.slice/app.service\n",
    "proc/self/mountinfo": """
    22 27 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw
    29 22 0:26 / /sys/fs/cgroup rw,nosuid,nodev shared:4 - cgroup2 cgroup2 rw,nsdelegate

    """,
  ]

  @Test func `version 2, where the group above has the smaller limit`() throws {
    let found = try Self.limits(
      Self.version2.merging([
        "sys/fs/cgroup/user.slice/memory.max": "209715200\n", "sys/fs/cgroup/user.slice/cpu.max": "max 100000\n",
        "sys/fs/cgroup/user.slice/app.service/memory.max": "max\n", "sys/fs/cgroup/user.slice/app.service/cpu.max": "150000 100000\n",
      ]) { $1 })
    #expect(found.memory == 200 << 20)
    #expect(found.processors == 1.5)
  }

  @Test func `the smallest of nested limits counts`() throws {
    let found = try Self.limits(
      Self.version2.merging([
        "sys/fs/cgroup/user.slice/memory.max": "209715200\n", "sys/fs/cgroup/user.slice/cpu.max": "50000 100000\n",
        "sys/fs/cgroup/user.slice/app.service/memory.max": "104857600\n", "sys/fs/cgroup/user.slice/app.service/cpu.max": "200000 100000\n",
      ]) { $1 })
    #expect(found.memory == 100 << 20)
    #expect(found.processors == 0.5)
  }

  @Test func `version 2 in a container with a namespace of its own`() throws {
    let found = try Self.limits([
      "proc/self/cgroup": "0::/\n",
      "proc/self/mountinfo": "1 2 0:26 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw\n",
      "sys/fs/cgroup/memory.max": "67108864\n", "sys/fs/cgroup/cpu.max": "100000 50000\n",
    ])
    #expect(found.memory == 64 << 20)
    #expect(found.processors == 2)
  }

  @Test func `version 1 in a container, whose own group is what is mounted`() throws {
    let found = try Self.limits([
      "proc/self/cgroup": "9:memory:/docker/abc\n5:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n",
      "proc/self/mountinfo": """
      40 30 0:31 /docker/abc /sys/fs/cgroup/memory ro,nosuid master:14 - cgroup cgroup rw,memory
      41 30 0:32 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro,nosuid master:15 - cgroup cgroup rw,cpu,cpuacct

      """,
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "134217728\n",
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "25000\n", "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    ])
    #expect(found.memory == 128 << 20)
    #expect(found.processors == 0.25)
  }

  @Test func `version 1 without limits, beside an empty version 2`() throws {
    let found = try Self.limits([
      "proc/self/cgroup": "9:memory:/\n5:cpu:/\n0::/\n",
      "proc/self/mountinfo": """
      40 30 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
      41 30 0:32 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
      42 30 0:33 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw

      """,
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n", "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
      "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n", "sys/fs/cgroup/unified/cgroup.procs": "1\n",
    ])
    #expect(found.memory == nil && found.processors == nil)
  }

  @Test(arguments: ["/../../other", "/elsewhere"])
  func `a group outside what is mounted has the limits of the mount point`(_ path: String) throws {
    let found = try Self.limits([
      "proc/self/cgroup": "0::\(path)\n", "proc/self/mountinfo": "1 2 0:26 /pod /sys/fs/cgroup ro - cgroup2 cgroup rw\n",
      "sys/fs/cgroup/memory.max": "1048576\n",
    ])
    #expect(found.memory == 1 << 20)
  }

  @Test func `no files, or files that cannot be read, limit nothing`() throws {
    #expect(
      try Self.limits(["etc/hosts": ""]) == Self.limits(["proc/self/cgroup": "nonsense", "proc/self/mountinfo": "a b - c\n\n- - -\n"]))
    let odd = ["sys/fs/cgroup/user.slice/memory.max": "many", "sys/fs/cgroup/user.slice/cpu.max": "0 0 0"]
    let found = try Self.limits(Self.version2.merging(odd) { $1 })
    #expect(found.memory == nil && found.processors == nil)
  }

  @Test(
    arguments: [
      (8, nil, 8), (8, 1.5, 2), (8, 1.0, 1), (8, 0.25, 1), (2, 16.0, 2), (1, 0.01, 1), (8, 7.001, 8),
    ] as [(Int, Double?, Int)])
  func `processors are what may be used, rounded up`(_ allowed: Int, _ limit: Double?, _ expected: Int) {
    #expect(Processors.count(allowed: allowed, limit: limit) == expected)
  }
}
