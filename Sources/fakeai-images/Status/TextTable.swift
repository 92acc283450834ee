/// A table of text. Words are aligned left and numbers right, and each column is as wide as its widest cell.
struct TextTable {
  struct Column {
    enum Alignment { case left, right }

    let title: String
    let alignment: Alignment

    init(_ title: String, _ alignment: Alignment = .right) {
      self.title = title
      self.alignment = alignment
    }
  }

  let columns: [Column]
  /// Each with as many cells as there are columns.
  let rows: [[String]]

  var text: String {
    let lines = [columns.map(\.title)] + rows
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line(cells: $0, widths: widths) }.joined(separator: "\n")
  }

  private func line(cells: [String], widths: [Int]) -> String {
    let padded = columns.indices.map { column in
      let space = String(repeating: " ", count: widths[column] - cells[column].count)
      return columns[column].alignment == .left ? cells[column] + space : space + cells[column]
    }
    let line = padded.joined(separator: "  ")
    // A left-aligned last column would leave trailing spaces.
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
