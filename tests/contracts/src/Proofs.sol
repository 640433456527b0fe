// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Groth16Proof, ProofConfig, SlotState} from "./Types.sol";
import {Verifier} from "./Verifier.sol";

/// Which periods want a proof of a slot, which proofs came, and which were missed.
///
/// A slot's pointer moves on by one with every block and jumps with every period. It points to one of the last 256
/// blocks, whose hash is the challenge. While it is under the downtime, no proof is required.
abstract contract Proofs {
  uint256 private constant BLOCKS = 256;

  ProofConfig internal _proofConfig;
  Verifier private immutable _verifier;

  mapping(bytes32 slotId => uint64) private _filledInPeriod;
  mapping(bytes32 slotId => uint64) private _missed;
  mapping(bytes32 slotId => mapping(uint64 period => bool)) private _received;
  mapping(bytes32 slotId => mapping(uint64 period => bool)) private _marked;

  event ProofSubmitted(bytes32 id);

  error Periods_InvalidSecondsPerPeriod();
  error Proofs_InsufficientBlockHeight();
  error Proofs_InvalidProof();
  error Proofs_ProofAlreadySubmitted();
  error Proofs_PeriodNotEnded();
  error Proofs_ValidationTimedOut();
  error Proofs_ProofNotMissing();
  error Proofs_ProofNotRequired();
  error Proofs_ProofAlreadyMarkedMissing();

  constructor(ProofConfig memory config, Verifier verifier) {
    require(block.number > BLOCKS, Proofs_InsufficientBlockHeight());
    require(config.period > 0, Periods_InvalidSecondsPerPeriod());
    _proofConfig = config;
    _verifier = verifier;
  }

  function missingProofs(bytes32 slotId) external view returns (uint64) {
    return _missed[slotId];
  }

  function isProofRequired(bytes32 slotId) external view returns (bool) {
    if (slotState(slotId) != SlotState.Filled) return false;
    (bool drawn, uint8 pointer) = _draw(slotId, _period());
    return drawn && pointer >= _proofConfig.downtime;
  }

  /// A proof would be required now, but for the downtime.
  function willProofBeRequired(bytes32 slotId) external view returns (bool) {
    if (slotState(slotId) != SlotState.Filled) return false;
    (bool drawn, uint8 pointer) = _draw(slotId, _period());
    return drawn && pointer < _proofConfig.downtime;
  }

  function getPointer(bytes32 slotId) public view returns (uint8) {
    return _pointer(slotId, _period());
  }

  function getChallenge(bytes32 slotId) public view returns (bytes32) {
    return _challenge(getPointer(slotId));
  }

  function slotState(bytes32 slotId) public view virtual returns (SlotState);

  /// One proof is wanted in so many periods; 0 means in every one.
  function slotProbability(bytes32 slotId) public view virtual returns (uint256);

  function _startProving(bytes32 slotId) internal {
    _filledInPeriod[slotId] = _period();
  }

  function _forgetMissedProofs(bytes32 slotId) internal {
    _missed[slotId] = 0;
  }

  function _takeProof(bytes32 slotId, Groth16Proof calldata proof) internal {
    require(!_received[slotId][_period()], Proofs_ProofAlreadySubmitted());
    require(_verifier.verify(proof, getChallenge(slotId)), Proofs_InvalidProof());
    _received[slotId][_period()] = true;
    emit ProofSubmitted(slotId);
  }

  function _markMissed(bytes32 slotId, uint64 period) internal returns (uint64) {
    _requireMissed(slotId, period);
    _marked[slotId][period] = true;
    return ++_missed[slotId];
  }

  function _requireMissed(bytes32 slotId, uint64 period) internal view {
    uint256 end = (uint256(period) + 1) * _proofConfig.period;
    require(block.timestamp > end, Proofs_PeriodNotEnded());
    require(block.timestamp < end + _proofConfig.timeout, Proofs_ValidationTimedOut());
    require(!_received[slotId][period], Proofs_ProofNotMissing());
    (bool drawn, uint8 pointer) = _draw(slotId, period);
    require(drawn && pointer >= _proofConfig.downtime, Proofs_ProofNotRequired());
    require(!_marked[slotId][period], Proofs_ProofAlreadyMarkedMissing());
  }

  function _draw(bytes32 slotId, uint64 period) private view returns (bool drawn, uint8 pointer) {
    if (period <= _filledInPeriod[slotId]) return (false, 0);
    pointer = _pointer(slotId, period);
    uint256 probability = slotProbability(slotId);
    drawn = probability == 0 || uint256(_challenge(pointer)) % probability == 0;
  }

  function _pointer(bytes32 slotId, uint64 period) private view returns (uint8) {
    uint256 jump = (period % BLOCKS) * _proofConfig.downtimeProduct;
    return uint8(((block.number % BLOCKS) + jump + (uint256(slotId) % BLOCKS)) % BLOCKS);
  }

  function _challenge(uint8 pointer) private view returns (bytes32) {
    return keccak256(abi.encode(blockhash(block.number - 1 - pointer)));
  }

  function _period() private view returns (uint64) {
    return uint64(block.timestamp) / _proofConfig.period;
  }
}
