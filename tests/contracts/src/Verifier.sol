// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Groth16Proof} from "./Types.sol";

/// Says whether a proof is good. The real one is also told the slot's Merkle root and index.
interface Verifier {
  function verify(Groth16Proof calldata proof, bytes32 challenge) external view returns (bool);
}
