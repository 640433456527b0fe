// Compiles src/*.sol and writes the contracts that can be deployed to the file that the first argument names:
// { "NAME": { "abi": [...], "bytecode": "0x..." } }.
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const solc = createRequire(import.meta.url)('solc');
const folder = fileURLToPath(new URL('src/', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.sol')).sort();
const output = JSON.parse(solc.compile(JSON.stringify({
  language: 'Solidity',
  sources: Object.fromEntries(files.map((name) => [name, { content: readFileSync(folder + name, 'utf8') }])),
  settings: {
    optimizer: { enabled: true, runs: 200 },
    outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
  },
})));

const complaints = output.errors ?? [];
if (complaints.length > 0) {
  console.error(complaints.map((complaint) => complaint.formattedMessage).join('\n'));
  process.exit(1);
}

const contracts = {};
for (const [name, contract] of Object.values(output.contracts).flatMap((file) => Object.entries(file))) {
  if (contract.evm.bytecode.object !== '') {
    contracts[name] = { abi: contract.abi, bytecode: '0x' + contract.evm.bytecode.object };
  }
}

// Renamed when it is whole, so that nobody reads half of it.
const [target] = process.argv.slice(2);
writeFileSync(`${target}.new`, JSON.stringify(contracts, null, 1));
renameSync(`${target}.new`, target);
