import ArgumentParser
import Glibc
import RingTesting
import SharedMemory

struct MutantsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mutants", abstract: "Make each mistake that there is a mutant for, and see that the trial meant for it finds it.")

  func run() throws {
    // A trial that finds something where nothing is wrong proves nothing.
    for trial in Set(Mutant.allCases.map(\.trial)).sorted(by: { $0.rawValue < $1.rawValue }) {
      if let finding = Self.finding(of: trial, in: nil) { throw Finding("\(trial) finds without any mutant: \(finding)") }
    }
    var survivors: [Mutant] = []
    for mutant in Mutant.allCases {
      let finding = Self.finding(of: mutant.trial, in: mutant)
      if finding == nil { survivors.append(mutant) }
      print(Self.line(mutant.rawValue, mutant.trial.rawValue, finding ?? "SURVIVED"))
    }
    if !survivors.isEmpty { throw Finding("\(survivors.count) mutants survived") }
    print("\(Mutant.allCases.count) mutants, all caught")
  }

  private static func line(_ mutant: String, _ trial: String, _ finding: String) -> String {
    let padded = { (text: String, width: Int) in text + String(repeating: " ", count: max(1, width - text.count)) }
    return padded(mutant, 24) + padded(trial, 12) + finding
  }

  /// What a trial says of a ring with that mistake, in a process of its own, for it may take the process with it.
  private static func finding(of trial: Trial, in mutant: Mutant?) -> String? {
    // A file, for nobody reads a pipe before the end of it.
    guard let report = tmpfile() else { fatalError("no temporary file: \(errno)") }
    defer { fclose(report) }
    let child = ChildProcess {
      dup2(fileno(report), STDERR_FILENO)
      Mutant.chosen = mutant
      _ = try trial.run(seed: 1)
    }
    let end = child.wait(seconds: 120)
    TemporaryStore.removeAll(of: child.id)
    let text = firstLine(of: fileno(report))
    return end == .exited(0) ? nil : text.isEmpty ? "\(end)" : text
  }

  private static func firstLine(of file: CInt) -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = max(0, pread(file, &buffer, buffer.count, 0))
    return String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
  }
}

extension Mutant {
  /// Which must catch it.
  fileprivate var trial: Trial {
    switch self {
    case .publishesBeforeBytes, .publishesBeforeSlot, .overwritesBeforeRaising, .unlocksInconsistent: .deaths
    case .raisesBeforeCounting, .looksOnce, .ignoresChecksum, .ignoresBounds, .ignoresKey: .guards
    case .overfillsSlots: .model
    case .writesUnlocked: .histories
    case .stampsMagicFirst, .createsUnlocked: .creations
    }
  }
}
