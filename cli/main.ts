import { runProgram } from "./program.js";
import { Interruption } from "./terminal/interruption.js";
import { terminalStreams } from "./terminal/terminal.js";

const streams = terminalStreams(process);
const interruption = new Interruption(streams.err, (code) => process.exit(code));
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => interruption.receive(signal));
}
process.exitCode = await runProgram(process.argv.slice(2), { ...streams, interruption });
