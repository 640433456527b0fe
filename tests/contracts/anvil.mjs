// Runs a node for as long as the one who wants it lives:
//
//   node anvil.mjs PROGRAM ARGUMENTS...
//
// The first line on the standard output is the address on which it listens. When the standard input ends, which the
// system sees to when the other side dies in whatever way, the node is ended, by its own process id.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const [program, ...options] = process.argv.slice(2);
const anvil = spawn(program, options, { stdio: ['ignore', 'pipe', 'inherit'] });
anvil.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
anvil.on('exit', (code) => process.exit(code ?? 1));

// Everything that it prints is read, or it would stop once the pipe is full.
createInterface({ input: anvil.stdout }).on('line', (line) => {
  const listening = /^Listening on (\S+)$/.exec(line);
  if (listening) {
    console.log(listening[1]);
  }
});

process.stdin.resume();
process.stdin.on('end', () => anvil.kill('SIGKILL'));
