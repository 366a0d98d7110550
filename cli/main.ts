import { runProgram } from "./program.js";
import { terminalStreams } from "./terminal/terminal.js";

process.exitCode = await runProgram(process.argv.slice(2), terminalStreams(process));
