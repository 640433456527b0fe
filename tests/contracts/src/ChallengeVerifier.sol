// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Groth16Proof} from "./Types.sol";
import {Verifier} from "./Verifier.sol";

/// Takes a proof for its own challenge only, which stands in the real part of B's x. A stale proof is refused, as by
/// the real verifier.
contract ChallengeVerifier is Verifier {
  function verify(Groth16Proof calldata proof, bytes32 challenge) external pure returns (bool) {
    return proof.b.x.real == uint256(challenge);
  }
}
