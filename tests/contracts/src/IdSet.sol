// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// Ids without an order that is promised: when one is taken out, the last one takes its place.
struct IdSet {
  bytes32[] ids;
  mapping(bytes32 id => uint256) placeFromOne;
}

using IdSets for IdSet global;

library IdSets {
  function add(IdSet storage self, bytes32 id) internal {
    if (self.placeFromOne[id] == 0) {
      self.ids.push(id);
      self.placeFromOne[id] = self.ids.length;
    }
  }

  function remove(IdSet storage self, bytes32 id) internal {
    uint256 place = self.placeFromOne[id];
    if (place == 0) return;
    bytes32 last = self.ids[self.ids.length - 1];
    self.ids[place - 1] = last;
    self.placeFromOne[last] = place;
    self.placeFromOne[id] = 0;
    self.ids.pop();
  }
}
