import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findUnpackedProvider, usualPlaces } from "./unpacked-provider.js";

let place: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "providers "));
});

afterEach(() => {
  rmSync(place, { recursive: true });
});

/** Unpacks a provider below a folder, as `terraform providers mirror` does not: with its executable. */
function unpack(mirror: string, version: string, platform = "linux_amd64"): string {
  const leaf = join(mirror, "registry.terraform.io", "hashicorp", "aws", version, platform);
  mkdirSync(leaf, { recursive: true });
  writeFileSync(join(leaf, `terraform-provider-aws_v${version}_x5`), "");
  return leaf;
}

function find(...places: string[]) {
  return findUnpackedProvider(places, "linux_amd64");
}

describe("an unpacked provider", () => {
  it("is found in the place itself, and up to three folders below", () => {
    unpack(place, "6.29.0");
    expect(find(place)).toEqual({ mirror: place, version: "6.29.0" });
    rmSync(join(place, "registry.terraform.io"), { recursive: true });

    const deep = join(place, "a", "b", "c");
    unpack(deep, "6.30.0");
    expect(find(place)).toEqual({ mirror: deep, version: "6.30.0" });
  });

  it("is not looked for any deeper, nor among the packages of Node", () => {
    unpack(join(place, "a", "b", "c", "d"), "6.29.0");
    unpack(join(place, "node_modules"), "6.29.0");

    expect(find(place)).toBeUndefined();
  });

  it("is the newest by its number, of this platform", () => {
    unpack(place, "6.9.0");
    unpack(join(place, "other"), "6.29.0");
    unpack(place, "6.40.0", "darwin_arm64");

    expect(find(place)).toEqual({ mirror: join(place, "other"), version: "6.29.0" });
  });

  it("comes from the first place that has one", () => {
    unpack(join(place, "first"), "5.100.0");
    unpack(join(place, "second"), "6.29.0");

    expect(find(join(place, "absent"), join(place, "first"), join(place, "second"))?.version).toBe("5.100.0");
  });

  it("may be linked; a folder without its executable is none", () => {
    const leaf = unpack(join(place, "elsewhere", "a", "b", "c", "d"), "6.29.0");
    const versions = join(place, "registry.terraform.io", "hashicorp", "aws");
    mkdirSync(join(versions, "6.31.0", "linux_amd64"), { recursive: true });
    mkdirSync(join(versions, "6.30.0"));
    symlinkSync(leaf, join(versions, "6.30.0", "linux_amd64"));

    expect(find(place)).toEqual({ mirror: place, version: "6.30.0" });
  });
});

it("GIVEN settings of the caller THEN the places that they name come first", () => {
  const places = usualPlaces({
    HOME: "/home/you",
    TERRAFORM_PROVIDER_MIRROR: "/mirror",
    TF_PLUGIN_CACHE_DIR: "/cache",
  });

  expect(places.slice(0, 3)).toEqual(["/mirror", "/cache", join("/home/you", ".terraform.d")]);
  expect(places).toContain("/opt");
});
