import { marshall } from "@aws-sdk/util-dynamodb";
import { given } from "../../../facts/given.js";
import type { Condition, StateUpdate, StateValue } from "./state-table.js";

/** DynamoDB refuses numbers that are nearer to 0 and not 0. */
const SMALLEST_NUMBER = 1e-130;

/** Every right-hand side of an update expression sees the item as it was before the update. */
export function expressionsOf({ set = {}, copy = {}, remove = [], when = [] }: StateUpdate) {
  const names: Record<string, string> = {};
  const values: StateValue[] = [];
  const name = (attribute: string) => {
    names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  };
  const value = (content: StateValue) => `:v${values.push(storable(content)) - 1}`;
  const condition = (test: Condition): string => {
    if ("absent" in test) {
      return `attribute_not_exists(${name(test.attribute)})`;
    }
    if ("equals" in test) {
      return `${name(test.attribute)} = ${value(test.equals)}`;
    }
    return "below" in test
      ? `${name(test.attribute)} < ${value(test.below)}`
      : `${name(test.attribute)} > ${value(test.above)}`;
  };
  const assignments = [
    ...Object.entries(set).map(([attribute, content]) => `${name(attribute)} = ${value(content)}`),
    ...Object.entries(copy).map(
      ([attribute, source]) => `${name(attribute)} = if_not_exists(${name(source)}, ${value(null)})`,
    ),
  ];
  const clauses = [
    ...(assignments.length > 0 ? [`SET ${assignments.join(", ")}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${remove.map(name).join(", ")}`] : []),
  ];
  const groups = when.map((alternatives) => `(${alternatives.map(condition).join(" OR ")})`);
  return {
    UpdateExpression: clauses.join(" "),
    ExpressionAttributeNames: names,
    ...given({
      ConditionExpression: groups.length > 0 ? groups.join(" AND ") : undefined,
      ExpressionAttributeValues:
        values.length > 0
          ? marshall(Object.fromEntries(values.map((content, index) => [`:v${index}`, content])))
          : undefined,
    }),
  };
}

function storable(content: StateValue): StateValue {
  return typeof content === "number" && Math.abs(content) < SMALLEST_NUMBER ? 0 : content;
}
