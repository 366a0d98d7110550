import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import type { Plan } from "./plan.js";

/** A failed check. */
export interface Finding {
  /** Name of the plan. */
  readonly plan: string;
  /** Checkov's id of the check. */
  readonly check: string;
  readonly title: string;
  /** Terraform address. */
  readonly resource: string;
}

/** What Checkov says of plans. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** How many resources it has looked at. */
  readonly resources: number;
}

const report = z.object({
  summary: z.object({
    resource_count: z.number(),
    parsing_errors: z.literal(0),
    passed: z.number().positive(),
  }),
  results: z.object({
    failed_checks: z.array(
      z.object({ check_id: z.string(), check_name: z.string(), resource: z.string(), file_path: z.string() }),
    ),
  }),
});

/**
 * Runs Checkov's policies that come with it, offline.
 *
 * @param python interpreter of the environment that has Checkov, from `checkovEnvironment()`.
 * @param directory an empty one, for the plans.
 * @param plans by name; a name may have slashes.
 * @throws when Checkov fails, or cannot read a plan.
 */
export async function checkovVerdict(
  python: string,
  directory: string,
  plans: ReadonlyMap<string, Plan>,
): Promise<Verdict> {
  for (const [name, plan] of plans) {
    mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(join(directory, name, "tfplan.json"), JSON.stringify(plan, undefined, 2));
  }
  const options = ["--framework", "terraform_plan", "--skip-download", "--compact", "--quiet", "--soft-fail"];
  const { stdout } = await promisify(execFile)(
    python,
    ["-m", "checkov.main", "--directory", directory, ...options, "--output", "json"],
    // Neither a person's configuration of Checkov nor their key for its platform.
    { cwd: directory, env: { PATH: process.env["PATH"], HOME: directory }, maxBuffer: 64 * 1024 * 1024 },
  );
  const { summary, results } = report.parse(JSON.parse(stdout));
  return {
    resources: summary.resource_count,
    findings: results.failed_checks.map(({ check_id, check_name, resource, file_path }) => ({
      plan: file_path.slice(1, -"/tfplan.json".length),
      check: check_id,
      title: check_name,
      resource,
    })),
  };
}
