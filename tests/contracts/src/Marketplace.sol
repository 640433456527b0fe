// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import "./Types.sol";
import {IdSet} from "./IdSet.sol";
import {Proofs} from "./Proofs.sol";
import {SlotReservations} from "./SlotReservations.sol";
import {TestToken} from "./TestToken.sol";
import {Verifier} from "./Verifier.sol";

/// The marketplace as its clients and hosts see it: the same functions, errors, events and rules as the one that the
/// Codex network uses, written anew for the tests.
contract Marketplace is SlotReservations, Proofs {
  struct RequestRecord {
    Request request;
    RequestState stored;
    uint64 expiresAt;
    uint64 endsAt;
    uint64 slotsFilled;
    uint256 clientFunds;
  }

  struct SlotRecord {
    bytes32 requestId;
    SlotState stored;
    uint64 slotIndex;
    uint64 filledAt;
    address host;
    uint256 collateral;
  }

  TestToken private immutable _token;
  CollateralConfig private _collateralConfig;
  uint64 private immutable _requestDurationLimit;

  mapping(bytes32 requestId => RequestRecord) private _requests;
  mapping(bytes32 slotId => SlotRecord) private _slots;
  mapping(address client => IdSet) private _requestsOf;
  mapping(address host => IdSet) private _slotsOf;

  event StorageRequested(bytes32 requestId, Ask ask, uint64 expiry);
  event RequestFulfilled(bytes32 indexed requestId);
  event RequestFailed(bytes32 indexed requestId);
  event RequestCancelled(bytes32 indexed requestId);
  event SlotFilled(bytes32 indexed requestId, uint64 slotIndex);
  event SlotFreed(bytes32 indexed requestId, uint64 slotIndex);

  error Marketplace_RepairRewardPercentageTooHigh();
  error Marketplace_SlashPercentageTooHigh();
  error Marketplace_MaximumSlashingTooHigh();
  error Marketplace_InvalidClientAddress();
  error Marketplace_RequestAlreadyExists();
  error Marketplace_InvalidExpiry();
  error Marketplace_InsufficientSlots();
  error Marketplace_InvalidMaxSlotLoss();
  error Marketplace_InsufficientProofProbability();
  error Marketplace_InsufficientCollateral();
  error Marketplace_InsufficientReward();
  error Marketplace_InvalidCid();
  error Marketplace_DurationExceedsLimit();
  error Marketplace_UnknownRequest();
  error Marketplace_InvalidSlot();
  error Marketplace_ReservationRequired();
  error Marketplace_SlotNotFree();
  error Marketplace_StartNotBeforeExpiry();
  error Marketplace_SlotIsFree();
  error Marketplace_InvalidSlotHost();
  error Marketplace_AlreadyPaid();
  error Marketplace_ProofNotSubmittedByHost();
  error Marketplace_SlotNotAcceptingProofs();
  error Marketplace_InvalidState();
  error Marketplace_NothingToWithdraw();

  constructor(
    MarketplaceConfig memory config,
    TestToken token_,
    Verifier verifier
  ) SlotReservations(config.reservations) Proofs(config.proofs, verifier) {
    CollateralConfig memory collateral = config.collateral;
    require(collateral.repairRewardPercentage <= 100, Marketplace_RepairRewardPercentageTooHigh());
    require(collateral.slashPercentage <= 100, Marketplace_SlashPercentageTooHigh());
    require(
      uint256(collateral.maxNumberOfSlashes) * collateral.slashPercentage <= 100,
      Marketplace_MaximumSlashingTooHigh()
    );
    _collateralConfig = collateral;
    _requestDurationLimit = config.requestDurationLimit;
    _token = token_;
  }

  // ---- What clients do

  function requestStorage(Request calldata request) external {
    require(request.client == msg.sender, Marketplace_InvalidClientAddress());
    bytes32 id = keccak256(abi.encode(request));
    RequestRecord storage record = _requests[id];
    require(record.request.client == address(0), Marketplace_RequestAlreadyExists());
    _requireGoodTerms(request);

    uint256 price = _price(request.ask);
    record.request = request;
    record.expiresAt = uint64(block.timestamp) + request.expiry;
    record.endsAt = uint64(block.timestamp) + request.ask.duration;
    record.clientFunds = price;
    _requestsOf[msg.sender].add(id);

    _token.transferFrom(msg.sender, address(this), price);
    emit StorageRequested(id, request.ask, record.expiresAt);
  }

  function withdrawFunds(bytes32 requestId) external {
    withdrawFunds(requestId, msg.sender);
  }

  function withdrawFunds(bytes32 requestId, address recipient) public {
    RequestRecord storage record = _known(requestId);
    require(record.request.client == msg.sender, Marketplace_InvalidClientAddress());
    RequestState state = requestState(requestId);
    require(state != RequestState.New && state != RequestState.Started, Marketplace_InvalidState());
    uint256 amount = record.clientFunds;
    require(amount > 0, Marketplace_NothingToWithdraw());

    if (state == RequestState.Cancelled) {
      // The fills took the pay until the end; hosts earn until the expiry only.
      amount += _reward(record.request.ask, record.endsAt - record.expiresAt) * record.slotsFilled;
      emit RequestCancelled(requestId);
    } else if (state == RequestState.Failed) {
      amount = _price(record.request.ask);
    }
    record.stored = state;
    record.clientFunds = 0;
    _requestsOf[msg.sender].remove(requestId);
    _token.transfer(recipient, amount);
  }

  // ---- What hosts do

  function fillSlot(bytes32 requestId, uint64 slotIndex, Groth16Proof calldata proof) external {
    RequestRecord storage record = _known(requestId);
    Ask storage ask = record.request.ask;
    require(slotIndex < ask.slots, Marketplace_InvalidSlot());
    bytes32 slotId = _slotIdOf(requestId, slotIndex);
    require(_isReservedBy(slotId, msg.sender), Marketplace_ReservationRequired());
    SlotRecord storage slot = _slots[slotId];
    slot.requestId = requestId;
    slot.slotIndex = slotIndex;
    SlotState state = slotState(slotId);
    require(state == SlotState.Free || state == SlotState.Repair, Marketplace_SlotNotFree());

    _startProving(slotId);
    _takeProof(slotId, proof);
    slot.host = msg.sender;
    slot.filledAt = uint64(block.timestamp);
    slot.stored = SlotState.Filled;
    slot.collateral = ask.collateralPerByte * ask.slotSize;
    record.slotsFilled++;
    record.clientFunds -= _pay(ask, slot.filledAt, record.endsAt);
    _slotsOf[msg.sender].add(slotId);

    uint256 discount = 0;
    if (state == SlotState.Repair) {
      discount = (slot.collateral * _collateralConfig.repairRewardPercentage) / 100;
    }
    _token.transferFrom(msg.sender, address(this), slot.collateral - discount);
    emit SlotFilled(requestId, slotIndex);
    if (record.slotsFilled == ask.slots && record.stored == RequestState.New) {
      record.stored = RequestState.Started;
      emit RequestFulfilled(requestId);
    }
  }

  function freeSlot(bytes32 slotId) external {
    freeSlot(slotId, msg.sender, msg.sender);
  }

  function freeSlot(bytes32 slotId, address rewardRecipient, address collateralRecipient) public {
    SlotRecord storage slot = _slots[slotId];
    require(slot.stored != SlotState.Free, Marketplace_SlotIsFree());
    require(slot.host == msg.sender, Marketplace_InvalidSlotHost());
    SlotState state = slotState(slotId);
    require(state != SlotState.Paid, Marketplace_AlreadyPaid());

    RequestRecord storage record = _requests[slot.requestId];
    if (state == SlotState.Finished) {
      record.stored = RequestState.Finished;
      _payOut(slotId, record.endsAt, rewardRecipient, collateralRecipient);
    } else if (state == SlotState.Cancelled) {
      _payOut(slotId, record.expiresAt, rewardRecipient, collateralRecipient);
    } else if (state == SlotState.Failed) {
      _slotsOf[msg.sender].remove(slotId);
    } else {
      _evict(slotId);
    }
  }

  /// Taken whether one is required or not, and in any state of the slot.
  function submitProof(bytes32 slotId, Groth16Proof calldata proof) external {
    _known(_slots[slotId].requestId);
    require(_slots[slotId].host == msg.sender, Marketplace_ProofNotSubmittedByHost());
    _takeProof(slotId, proof);
  }

  // ---- What validators do

  function markProofAsMissing(bytes32 slotId, uint64 period) external {
    require(slotState(slotId) == SlotState.Filled, Marketplace_SlotNotAcceptingProofs());
    uint64 missed = _markMissed(slotId, period);

    SlotRecord storage slot = _slots[slotId];
    Ask storage ask = _requests[slot.requestId].request.ask;
    uint256 slash = (ask.collateralPerByte * ask.slotSize * _collateralConfig.slashPercentage) / 100;
    slot.collateral -= slash;
    _token.transfer(msg.sender, (slash * _collateralConfig.validatorRewardPercentage) / 100);
    if (missed >= _collateralConfig.maxNumberOfSlashes) {
      _evict(slotId);
    }
  }

  function canMarkProofAsMissing(bytes32 slotId, uint64 period) external view {
    require(slotState(slotId) == SlotState.Filled, Marketplace_SlotNotAcceptingProofs());
    _requireMissed(slotId, period);
  }

  // ---- Questions

  function configuration() external view returns (MarketplaceConfig memory) {
    return MarketplaceConfig(_collateralConfig, _proofConfig, _reservationsConfig, _requestDurationLimit);
  }

  function token() external view returns (TestToken) {
    return _token;
  }

  function getRequest(bytes32 requestId) external view returns (Request memory) {
    return _known(requestId).request;
  }

  function requestState(bytes32 requestId) public view returns (RequestState) {
    RequestRecord storage record = _known(requestId);
    if (record.stored == RequestState.New && block.timestamp > record.expiresAt) return RequestState.Cancelled;
    bool isOpen = record.stored == RequestState.New || record.stored == RequestState.Started;
    return isOpen && block.timestamp > record.endsAt ? RequestState.Finished : record.stored;
  }

  /// Until when the request lasts, or lasted.
  function requestEnd(bytes32 requestId) external view returns (uint64) {
    RequestState state = requestState(requestId);
    RequestRecord storage record = _requests[requestId];
    if (state == RequestState.New || state == RequestState.Started) return record.endsAt;
    if (state == RequestState.Cancelled) return record.expiresAt;
    return uint64(block.timestamp) < record.endsAt ? uint64(block.timestamp) : record.endsAt;
  }

  function requestExpiry(bytes32 requestId) external view returns (uint64) {
    return _requests[requestId].expiresAt;
  }

  /// A slot that was never filled reads Free, whatever became of its request.
  function slotState(bytes32 slotId) public view override(SlotReservations, Proofs) returns (SlotState) {
    SlotRecord storage slot = _slots[slotId];
    if (slot.requestId == 0 || slot.stored == SlotState.Paid) return slot.stored;
    RequestState state = requestState(slot.requestId);
    if (state == RequestState.Cancelled) return SlotState.Cancelled;
    if (state == RequestState.Finished) return SlotState.Finished;
    if (state == RequestState.Failed) return SlotState.Failed;
    return slot.stored;
  }

  function slotProbability(bytes32 slotId) public view override returns (uint256) {
    uint256 probability = _requests[_slots[slotId].requestId].request.ask.proofProbability;
    return (probability * (256 - uint256(_proofConfig.downtime))) / 256;
  }

  function getHost(bytes32 slotId) external view returns (address) {
    return _slots[slotId].host;
  }

  function currentCollateral(bytes32 slotId) external view returns (uint256) {
    return _slots[slotId].collateral;
  }

  function getActiveSlot(bytes32 slotId) external view returns (ActiveSlot memory) {
    SlotRecord storage slot = _slots[slotId];
    require(slot.stored != SlotState.Free, Marketplace_SlotIsFree());
    return ActiveSlot(_requests[slot.requestId].request, slot.slotIndex);
  }

  function mySlots() external view returns (bytes32[] memory) {
    return _slotsOf[msg.sender].ids;
  }

  function myRequests() external view returns (bytes32[] memory) {
    return _requestsOf[msg.sender].ids;
  }

  // ---- Rules

  function _known(bytes32 requestId) private view returns (RequestRecord storage record) {
    record = _requests[requestId];
    require(record.request.client != address(0), Marketplace_UnknownRequest());
  }

  function _requireGoodTerms(Request calldata request) private view {
    Ask calldata ask = request.ask;
    require(request.expiry > 0 && request.expiry < ask.duration, Marketplace_InvalidExpiry());
    require(ask.slots > 0, Marketplace_InsufficientSlots());
    require(ask.maxSlotLoss <= ask.slots, Marketplace_InvalidMaxSlotLoss());
    require(ask.proofProbability > 0, Marketplace_InsufficientProofProbability());
    require(ask.collateralPerByte > 0, Marketplace_InsufficientCollateral());
    require(ask.pricePerBytePerSecond > 0, Marketplace_InsufficientReward());
    require(request.content.cid.length > 0, Marketplace_InvalidCid());
    require(ask.duration <= _requestDurationLimit, Marketplace_DurationExceedsLimit());
  }

  /// What all slots earn. The seconds of all slots are counted with 64 bits: an ask with more of them is refused.
  function _price(Ask memory ask) private pure returns (uint256) {
    return _reward(ask, ask.slots * ask.duration);
  }

  /// What one slot earns in so many seconds.
  function _reward(Ask memory ask, uint64 numberOfSeconds) private pure returns (uint256) {
    return uint256(numberOfSeconds) * ask.pricePerBytePerSecond * ask.slotSize;
  }

  function _pay(Ask memory ask, uint64 from, uint64 until) private pure returns (uint256) {
    require(from < until, Marketplace_StartNotBeforeExpiry());
    return _reward(ask, until - from);
  }

  function _payOut(bytes32 slotId, uint64 until, address rewardRecipient, address collateralRecipient) private {
    SlotRecord storage slot = _slots[slotId];
    uint256 reward = _pay(_requests[slot.requestId].request.ask, slot.filledAt, until);
    uint256 collateral = slot.collateral;
    _slotsOf[slot.host].remove(slotId);
    slot.collateral = 0;
    slot.stored = SlotState.Paid;
    _token.transfer(rewardRecipient, reward);
    _token.transfer(collateralRecipient, collateral);
  }

  /// Takes a filled slot from its host, with all of its collateral.
  function _evict(bytes32 slotId) private {
    SlotRecord storage slot = _slots[slotId];
    RequestRecord storage record = _requests[slot.requestId];
    Ask storage ask = record.request.ask;
    record.clientFunds += _pay(ask, slot.filledAt, record.endsAt);
    record.slotsFilled--;
    _slotsOf[slot.host].remove(slotId);
    _clearReservations(slotId);
    _forgetMissedProofs(slotId);
    slot.stored = SlotState.Repair;
    slot.host = address(0);
    slot.filledAt = 0;
    slot.collateral = 0;

    emit SlotFreed(slot.requestId, slot.slotIndex);
    if (ask.slots - record.slotsFilled > ask.maxSlotLoss && record.stored == RequestState.Started) {
      record.stored = RequestState.Failed;
      record.endsAt = uint64(block.timestamp) - 1;
      emit RequestFailed(slot.requestId);
    }
  }
}
