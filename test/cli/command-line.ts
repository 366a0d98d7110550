import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../cli/program.js";
import { startTenant, type Tenant } from "../../simulator/tenant.js";

/** What a command line came to. */
interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a person at a terminal answers, and what they were shown. */
export interface Person {
  readonly answer: () => Promise<string>;
  readonly asked: string[];
  readonly shown: string[];
}

/** Runs one command line in this process, as a script would, or as a person at a terminal does. */
export async function vectraCdr(parameters: readonly string[], person?: Person): Promise<Outcome> {
  let out = "";
  let err = "";
  const code = await runProgram(parameters, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    ask:
      person === undefined
        ? undefined
        : async (question) => {
            person.asked.push(question);
            return await person.answer();
          },
    watched: person !== undefined,
    progress:
      person === undefined
        ? undefined
        : (text) => {
            person.shown.push(text);
            return { update: (next) => person.shown.push(next), end: () => person.shown.push("over") };
          },
  });
  return { code, out, err };
}

export function personWhoSays(answer: string): Person {
  return { answer: async () => answer, asked: [], shown: [] };
}

/** A simulated tenant, and an empty folder beside it; the API client is in the environment until it is closed. */
export interface Desk {
  readonly tenant: Tenant;
  /** A folder that does not exist yet. */
  readonly lake: string;
  /** Another folder that does not exist yet. */
  folder(name: string): string;
  close(): Promise<void>;
}

/** By default 15 minutes around midnight UTC have passed: 36 events, 24 of them before. */
export async function startDesk(
  organization: { readonly accounts?: number; readonly eventsPerTick?: number; readonly seed?: number } = {},
): Promise<Desk> {
  const tenant = await startTenant({
    seed: 11,
    clientId: "client",
    clientSecret: "s3cret-of-the-test",
    startTime: new Date("2026-01-31T23:50:00Z"),
    accounts: 8,
    ...organization,
  });
  tenant.advance(900_000);
  const directory = mkdtempSync(join(tmpdir(), "vectra cdr "));
  process.env["VECTRA_CLIENT_ID"] = "client";
  process.env["VECTRA_CLIENT_SECRET"] = "s3cret-of-the-test";
  return {
    tenant,
    lake: join(directory, "lake"),
    folder: (name) => join(directory, name),
    close: async () => {
      delete process.env["VECTRA_CLIENT_ID"];
      delete process.env["VECTRA_CLIENT_SECRET"];
      await tenant.close();
      rmSync(directory, { recursive: true });
    },
  };
}
