import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { EventSelectorProps } from "../../constructs/cloudtrail/event-selectors.js";
import type { ObjectLock } from "../../constructs/cloudtrail/log-bucket-props.js";
import type { Insight } from "../../constructs/cloudtrail/trail-props.js";
import type { BrainFirewallRules } from "../../constructs/network/brain-egress.js";
import type { ExporterFunctionOptions } from "../../constructs/security-lake/exporter-function-options.js";
import type {
  ExporterAccumulation,
  ExporterFilters,
  ExporterTenant,
} from "../../constructs/security-lake/exporter-tenant-props.js";
import { ATHENA_OPTIONS, BACKFILL_OPTIONS, EXPORTER_OPTIONS } from "../../facts/options/exporter.js";
import { ACCUMULATE_OPTIONS, FILTER_OPTIONS, TENANT_OPTIONS } from "../../facts/options/exporter-tenant.js";
import { LOG_BUCKET_OPTIONS, OBJECT_LOCK_OPTIONS } from "../../facts/options/log-bucket.js";
import { BRAIN_EGRESS_OPTIONS, NETWORK_FIREWALL_OPTIONS } from "../../facts/options/network.js";
import {
  type GivenOf,
  MUST_BE_GIVEN,
  type Option,
  type Options,
  type ValueOf,
} from "../../facts/options/option.js";
import {
  EVENT_OPTIONS,
  type INSIGHTS,
  TRAIL_LOG_GROUP_OPTIONS,
  TRAIL_OPTIONS,
} from "../../facts/options/trail.js";
import { VECTRA_ROLE_OPTIONS } from "../../facts/options/vectra-role.js";

/*
 * Props interfaces are written by hand, for editors and for the reference. These tests hold what they say against the
 * facts: names, defaults and ranges here, the words of choices by type.
 */

const CONSTRUCTS = join(import.meta.dirname, "..", "..", "constructs");

interface Prop {
  readonly optional: boolean;
  /** Docstring on one line, tags included. */
  readonly doc: string;
}

/** Interfaces that together make the props: those of which one extends another are listed one by one. */
const GROUPS: readonly (readonly [string, readonly string[], Options])[] = [
  ["security-lake/exporter-tenant-props.ts", ["ExporterTenant"], TENANT_OPTIONS],
  ["security-lake/exporter-tenant-props.ts", ["ExporterFilters"], FILTER_OPTIONS],
  ["security-lake/exporter-tenant-props.ts", ["ExporterAccumulation"], ACCUMULATE_OPTIONS],
  ["security-lake/exporter-props.ts", ["ExporterProps"], EXPORTER_OPTIONS],
  ["security-lake/exporter-backfill.ts", ["ExporterBackfill"], BACKFILL_OPTIONS],
  ["security-lake/exporter-athena-queries.ts", ["ExporterAthenaQueries"], ATHENA_OPTIONS],
  ["cloudtrail/log-bucket-props.ts", ["LogBucketProps"], LOG_BUCKET_OPTIONS],
  ["cloudtrail/log-bucket-props.ts", ["ObjectLock"], OBJECT_LOCK_OPTIONS],
  ["cloudtrail/trail-props.ts", ["TrailProps"], TRAIL_OPTIONS],
  ["cloudtrail/event-selectors.ts", ["EventSelectorProps"], EVENT_OPTIONS],
  ["cloudtrail/trail-log-group.ts", ["TrailLogGroupProps"], TRAIL_LOG_GROUP_OPTIONS],
  ["cloudtrail/vectra-role-props.ts", ["VectraRoleProps", "VectraConnection"], VECTRA_ROLE_OPTIONS],
  ["network/brain-egress.ts", ["BrainEgressProps"], BRAIN_EGRESS_OPTIONS],
  ["network/brain-egress.ts", ["BrainFirewallRules"], NETWORK_FIREWALL_OPTIONS],
];

/** Files of interfaces that props extend from elsewhere. */
const EXTENDED: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  ExporterProps: [
    ["security-lake/exporter-function-options.ts", "ExporterFunctionOptions"],
    ["iam/role-options.ts", "RoleOptions"],
  ],
  VectraConnection: [["cloudtrail/log-root.ts", "LogFileKinds"]],
};

const CASES = GROUPS.flatMap(([file, interfaces, options]) => {
  const props = Object.assign(
    {},
    ...interfaces.flatMap((name) => [
      propsOf(file, name),
      ...(EXTENDED[name] ?? []).map(([other, extended]) => propsOf(other, extended)),
    ]),
  ) as Record<string, Prop>;
  return Object.entries(options).map(
    ([name, option]) => [`${interfaces[0]}.${name}`, option, props[name]] as const,
  );
});

describe.each(CASES)("%s", (_, option, prop) => {
  it("exists, and is required where the facts say so", () => {
    expect(prop).toBeDefined();
    if (isRequired(option)) {
      expect(prop?.optional).toBe(false);
    }
  });

  it("states the default of the facts", () => {
    const stated = /@default (.*)$/.exec(prop?.doc ?? "")?.[1];
    if (prop?.optional === false) {
      expect(stated).toBeUndefined();
    } else if (option.default === undefined) {
      expect(stated).toMatch(/^- \S|^"\/"$/);
    } else {
      expect(`${stated?.split(/, | - /)[0]}`).toBe(JSON.stringify(option.default));
    }
  });

  it("states the range of the facts", () => {
    if (option.kind === "number") {
      expect(prop?.doc).toContain(`${option.min} to ${option.max}`);
    }
  });
});

it("has the values of the facts", () => {
  expectTypeOf<Given<ExporterTenant["api"]>>().toEqualTypeOf<ValueOf<typeof TENANT_OPTIONS.api>>();
  expectTypeOf<Given<ExporterTenant["profile"]>>().toEqualTypeOf<ValueOf<typeof TENANT_OPTIONS.profile>>();
  expectTypeOf<Given<ExporterTenant["start"]>>().toEqualTypeOf<ValueOf<typeof TENANT_OPTIONS.start>>();
  expectTypeOf<Given<ExporterTenant["partitionBy"]>>().toEqualTypeOf<
    ValueOf<typeof TENANT_OPTIONS.partitionBy>
  >();
  expectTypeOf<Flat<ExporterFilters>>().toEqualTypeOf<Flat<GivenOf<typeof FILTER_OPTIONS>>>();
  expectTypeOf<Flat<ExporterAccumulation>>().toEqualTypeOf<Flat<GivenOf<typeof ACCUMULATE_OPTIONS>>>();
  expectTypeOf<Given<ExporterFunctionOptions["architecture"]>>().toEqualTypeOf<
    ValueOf<typeof EXPORTER_OPTIONS.architecture>
  >();
  expectTypeOf<Given<ExporterFunctionOptions["logLevel"]>>().toEqualTypeOf<
    ValueOf<typeof EXPORTER_OPTIONS.logLevel>
  >();
  expectTypeOf<ObjectLock["mode"]>().toEqualTypeOf<ValueOf<typeof OBJECT_LOCK_OPTIONS.mode>>();
  expectTypeOf<Given<EventSelectorProps["managementEvents"]>>().toEqualTypeOf<
    ValueOf<typeof EVENT_OPTIONS.managementEvents>
  >();
  expectTypeOf<Given<EventSelectorProps["s3DataEventAccess"]>>().toEqualTypeOf<
    ValueOf<typeof EVENT_OPTIONS.s3DataEventAccess>
  >();
  expectTypeOf<Insight>().toEqualTypeOf<(typeof INSIGHTS)[number]>();
  expectTypeOf<Given<BrainFirewallRules["ruleOrder"]>>().toEqualTypeOf<
    ValueOf<typeof NETWORK_FIREWALL_OPTIONS.ruleOrder>
  >();
});

type Given<T> = Exclude<T, undefined>;

/** An intersection as one object type. */
type Flat<T> = { [Key in keyof T]: T[Key] };

function isRequired(option: Option): boolean {
  if (option.kind === "flag") {
    return false;
  }
  const elsewhere = option.kind === "text" ? option.defaultByPlace?.construct : undefined;
  return option.required === true || elsewhere === MUST_BE_GIVEN;
}

function propsOf(file: string, interfaceName: string): Record<string, Prop> {
  const text = readFileSync(join(CONSTRUCTS, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const declaration = source.statements.find(
    (statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === interfaceName,
  );
  if (declaration === undefined) {
    throw new Error(`${file} has no interface ${interfaceName}`);
  }
  return Object.fromEntries(
    declaration.members.filter(ts.isPropertySignature).map((member) => {
      const [comment] = ts.getJSDocCommentsAndTags(member);
      const doc = (comment?.getText() ?? "").replace(/^\s*\/?\*+\/?/gm, "").replace(/\*\/$/, "");
      return [
        member.name.getText(),
        { optional: member.questionToken !== undefined, doc: doc.replace(/\s+/g, " ").trim() },
      ];
    }),
  );
}
