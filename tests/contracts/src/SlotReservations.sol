// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SlotReservationsConfig, SlotState} from "./Types.sol";

/// Which hosts may fill a slot. Reservations never expire, and may be of slots and requests that do not exist.
abstract contract SlotReservations {
  SlotReservationsConfig internal _reservationsConfig;
  mapping(bytes32 slotId => address[]) private _reservedBy;

  event SlotReservationsFull(bytes32 indexed requestId, uint64 slotIndex);

  error SlotReservations_ReservationNotAllowed();

  constructor(SlotReservationsConfig memory config) {
    _reservationsConfig = config;
  }

  function reserveSlot(bytes32 requestId, uint64 slotIndex) external {
    require(canReserveSlot(requestId, slotIndex), SlotReservations_ReservationNotAllowed());
    address[] storage hosts = _reservedBy[_slotIdOf(requestId, slotIndex)];
    hosts.push(msg.sender);
    if (hosts.length == _reservationsConfig.maxReservations) {
      emit SlotReservationsFull(requestId, slotIndex);
    }
  }

  /// Speaks of the host that asks.
  function canReserveSlot(bytes32 requestId, uint64 slotIndex) public view returns (bool) {
    bytes32 slotId = _slotIdOf(requestId, slotIndex);
    SlotState state = slotState(slotId);
    return
      (state == SlotState.Free || state == SlotState.Repair) &&
      _reservedBy[slotId].length < _reservationsConfig.maxReservations &&
      !_isReservedBy(slotId, msg.sender);
  }

  function slotState(bytes32 slotId) public view virtual returns (SlotState);

  function _isReservedBy(bytes32 slotId, address host) internal view returns (bool) {
    address[] storage hosts = _reservedBy[slotId];
    for (uint256 i = 0; i < hosts.length; i++) {
      if (hosts[i] == host) return true;
    }
    return false;
  }

  function _clearReservations(bytes32 slotId) internal {
    delete _reservedBy[slotId];
  }

  function _slotIdOf(bytes32 requestId, uint64 slotIndex) internal pure returns (bytes32) {
    return keccak256(abi.encode(requestId, slotIndex));
  }
}
