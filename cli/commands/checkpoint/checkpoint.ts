import { Command } from "commander";
import type { Streams } from "../../terminal/streams.js";
import { abandonCommand } from "./abandon.js";
import { adoptCommand } from "./adopt.js";
import { overlapCommand } from "./overlap.js";
import { restoreCommand } from "./restore.js";
import { setCommand } from "./set.js";
import { showCommand } from "./show.js";

/** `vectra-cdr checkpoint`: shows where the next run begins, and changes it. */
export function checkpointCommand(streams: Streams): Command {
  return new Command("checkpoint")
    .description("Show where the next run begins, or change it")
    .addCommand(showCommand(streams))
    .addCommand(setCommand(streams))
    .addCommand(restoreCommand(streams))
    .addCommand(abandonCommand(streams))
    .addCommand(adoptCommand(streams))
    .addCommand(overlapCommand(streams));
}
