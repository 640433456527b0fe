// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// What a client asks for, the same for every slot.
struct Ask {
  uint256 proofProbability;
  uint256 pricePerBytePerSecond;
  uint256 collateralPerByte;
  uint64 slots;
  uint64 slotSize;
  uint64 duration;
  uint64 maxSlotLoss;
}

struct Content {
  bytes cid;
  bytes32 merkleRoot;
}

/// The expiry is a number of seconds, counted from the block of the request.
struct Request {
  address client;
  Ask ask;
  Content content;
  uint64 expiry;
  bytes32 nonce;
}

/// What getActiveSlot returns.
struct ActiveSlot {
  Request request;
  uint64 slotIndex;
}

enum RequestState {
  New,
  Started,
  Cancelled,
  Finished,
  Failed
}

enum SlotState {
  Free,
  Filled,
  Finished,
  Failed,
  Paid,
  Cancelled,
  Repair
}

struct G1Point {
  uint256 x;
  uint256 y;
}

struct Fp2Element {
  uint256 real;
  uint256 imag;
}

struct G2Point {
  Fp2Element x;
  Fp2Element y;
}

struct Groth16Proof {
  G1Point a;
  G2Point b;
  G1Point c;
}

/// All in percent, but for the number of slashes that cost a host its slot.
struct CollateralConfig {
  uint8 repairRewardPercentage;
  uint8 maxNumberOfSlashes;
  uint8 slashPercentage;
  uint8 validatorRewardPercentage;
}

/// Period and timeout in seconds, downtime in blocks out of 256.
struct ProofConfig {
  uint64 period;
  uint64 timeout;
  uint8 downtime;
  uint8 downtimeProduct;
  string zkeyHash;
}

struct SlotReservationsConfig {
  uint8 maxReservations;
}

struct MarketplaceConfig {
  CollateralConfig collateral;
  ProofConfig proofs;
  SlotReservationsConfig reservations;
  uint64 requestDurationLimit;
}
