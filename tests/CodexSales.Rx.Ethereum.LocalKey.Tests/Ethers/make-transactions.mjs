// Makes transactions.jsonl, against which our signing is tested: random transactions, signed by ethers.
//
//   npm install ethers@6.17.0 && node make-transactions.mjs > transactions.jsonl
//
// One a line: [key, address, chain id, nonce, to, value, data, gas limit, max fee or gas price, priority fee or null, raw]

import { createHash } from "node:crypto";
import { Wallet } from "ethers";

let counter = 0;
const random = size => Buffer.concat(Array.from({ length: Math.ceil(size / 32) }, () =>
    createHash("sha256").update(`transaction ${counter++}`).digest())).subarray(0, size);
const hex = bytes => "0x" + bytes.toString("hex");
// Of any size from none to all of the bytes, so that short and long numbers are equally frequent.
const number = most => BigInteger(random(random(1)[0] % (most + 1)));
const BigInteger = bytes => bytes.length === 0 ? 0n : BigInt(hex(bytes));

for (let line = 0; line < 1000; line++) {
    const key = hex(random(32));
    const isLegacy = random(1)[0] < 64;
    const maxFee = number(12);
    const tip = maxFee === 0n ? 0n : number(12) % maxFee;
    const chainId = 1n + number(isLegacy ? 4 : 6);
    const transaction = {
        type: isLegacy ? 0 : 2,
        chainId,
        nonce: Number(number(6)),
        to: hex(random(20)),
        value: number(32),
        data: hex(random(random(1)[0] % 4 === 0 ? random(1)[0] : random(1)[0] % 60)),
        gasLimit: number(7),
        ...(isLegacy ? { gasPrice: maxFee } : { maxFeePerGas: maxFee, maxPriorityFeePerGas: tip }),
    };
    const wallet = new Wallet(key);
    const raw = await wallet.signTransaction(transaction);
    console.log(JSON.stringify([
        key, wallet.address, `${chainId}`, `${transaction.nonce}`, transaction.to, `${transaction.value}`,
        transaction.data, `${transaction.gasLimit}`, `${maxFee}`, isLegacy ? null : `${tip}`, raw,
    ]));
}
