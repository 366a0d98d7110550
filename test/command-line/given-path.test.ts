import { join } from "node:path";
import { expect, it } from "vitest";
import { givenPath } from "../../command-line/given-path.js";

const PROJECT = join(import.meta.dirname, "..", "..");
const ELSEWHERE = "/home/ann/cases";

/** npm has started a script of this project, for a person who stands elsewhere. */
const movedByNpm = {
  environment: { INIT_CWD: ELSEWHERE, npm_package_json: join(PROJECT, "package.json") },
  currentDirectory: PROJECT,
};
const here = { environment: {}, currentDirectory: PROJECT };

it.each([
  ["./lake", `${ELSEWHERE}/lake`],
  ["../lake", "/home/ann/lake"],
  ["file:lake", `${ELSEWHERE}/lake`],
  ["/srv/lake", "/srv/lake"],
  ["file:///srv/lake", "/srv/lake"],
])(
  "GIVEN npm --prefix, or npm run in a folder below WHEN %s is given THEN it is %s, where the person means it",
  (text, path) => {
    expect(givenPath(text, movedByNpm)).toBe(path);
  },
);

it.each([
  ["lake", "lake"],
  ["./lake", "./lake"],
  ["file:lake", "lake"],
  ["file:./my%20lake", "./my lake"],
  ["file:../lake", "../lake"],
  ["file:/srv/lake", "/srv/lake"],
  ["file:///srv/my%20lake", "/srv/my lake"],
  ["FILE:///srv/lake", "/srv/lake"],
  ["C:lake", "C:lake"],
])("GIVEN a person in the current directory WHEN %s is given THEN it is %s", (text, path) => {
  expect(givenPath(text, here)).toBe(path);
});

it.each([
  [
    "another project's script, which means its own folder",
    {
      environment: { INIT_CWD: ELSEWHERE, npm_package_json: "/srv/other/package.json" },
      currentDirectory: "/srv/other",
    },
  ],
  [
    "a script that has changed the directory itself",
    { environment: movedByNpm.environment, currentDirectory: join(PROJECT, "examples") },
  ],
  [
    "npm run in the project's root",
    { environment: { ...movedByNpm.environment, INIT_CWD: PROJECT }, currentDirectory: PROJECT },
  ],
])("GIVEN %s THEN a relative path is left as it is", (_, surroundings) => {
  expect(givenPath("lake", surroundings)).toBe("lake");
});

it.each([
  ["s3://bucket/lake", "Use a path on this machine or a file: URL."],
  ["file:", "This file: URL does not name a path on this machine; use file:///folder or file:folder."],
  ["file:%zz", "This file: URL does not name a path on this machine; use file:///folder or file:folder."],
  [
    "file://host/lake",
    "This file: URL does not name a path on this machine; use file:///folder or file:folder.",
  ],
  ["", "The path is empty or contains a NUL character."],
])("GIVEN %j THEN it is refused", (text, message) => {
  expect(() => givenPath(text, here)).toThrow(message);
});
