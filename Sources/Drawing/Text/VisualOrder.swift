extension Collection where Element == LineBreaker.Piece, Index == Int {
  /// The pieces of a line from left to right, each with the gap to its left.
  ///
  /// - Parameter isRightToLeft: how the line is read. Neighbours of the other direction are turned around among themselves.
  func inVisualOrder(isRightToLeft: Bool) -> [LineBreaker.Piece] {
    guard contains(where: \.isRightToLeft) else { return Array(self) }
    let order = visualIndices(isRightToLeft: isRightToLeft)
    return order.indices.map { place in
      var piece = self[order[place]]
      // A gap lies between a piece and the one read before it, whichever of them is on the left.
      piece.gap = place == 0 ? 0 : self[Swift.max(order[place - 1], order[place])].gap
      return piece
    }
  }

  private func visualIndices(isRightToLeft: Bool) -> [Int] {
    var groups: [[Int]] = []
    for index in indices {
      if index > startIndex, self[index - 1].isRightToLeft == self[index].isRightToLeft {
        groups[groups.count - 1].append(index)
      } else {
        groups.append([index])
      }
    }
    return (isRightToLeft ? groups.reversed() : groups).flatMap { self[$0[0]].isRightToLeft ? $0.reversed() : $0 }
  }
}
