import { createHash } from "node:crypto";
import { itemSize } from "dynalite/db/index.js";
import type { AwsAnswer } from "./call.js";

/** An item, or a key, in DynamoDB's JSON. */
export type AttributeMap = Record<string, AttributeValue>;

/** A value in DynamoDB's JSON; `B` is base64. */
export type AttributeValue = Partial<{
  S: string;
  N: string;
  B: string;
  BOOL: boolean;
  NULL: true;
  L: AttributeValue[];
  M: AttributeMap;
  SS: string[];
  NS: string[];
  BS: string[];
}>;

/** A call that reads or writes one item. */
export type Send = (operation: string, input: object) => Promise<AwsAnswer>;

/** The tables that a transaction works with; both have the same key. */
interface TransactionTables {
  /** The only table that a transaction may name. */
  readonly name: string;
  /** Where its parts are tried first. */
  readonly rehearsal: string;
  readonly keyAttributes: readonly string[];
}

/** Fields of a part that its operation takes; DynamoDB ignores others. */
interface Part {
  readonly operation: "ConditionCheck" | "Put" | "Update" | "Delete";
  readonly key: AttributeMap;
  readonly input: {
    readonly TableName?: string;
    readonly ConditionExpression?: string;
    readonly ReturnValuesOnConditionCheckFailure?: string;
  };
}

/** A part after its rehearsal. */
interface RehearsedPart extends Part {
  readonly reason: { readonly Code: string; readonly Message?: string; readonly Item?: AttributeMap };
  /** What counts towards the transaction's size. */
  readonly bytes: number;
  readonly writeUnits: number;
}

interface TransactionRequest {
  readonly TransactItems?: readonly Readonly<Record<string, object>>[];
  readonly ClientRequestToken?: string;
  readonly ReturnConsumedCapacity?: string;
}

/** The single call that does the same as a part; on a rehearsal table, an update without changes is a check. */
const CALLS = {
  ConditionCheck: "UpdateItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
} as const;

const INPUTS = [
  "Key",
  "Item",
  "UpdateExpression",
  "ConditionExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
];

const MAX_PARTS = 100;
const MAX_BYTES = 4 * 1024 * 1024;
const TOKEN_MILLISECONDS = 10 * 60 * 1000;

/**
 * TransactWriteItems on top of single calls, which dynalite has. Each part is tried in a second table with a copy of its
 * item; only if all succeed, all are written. The caller must keep other calls waiting meanwhile.
 */
export function openTransactions(
  tables: TransactionTables,
  send: Send,
): (body: string) => Promise<AwsAnswer> {
  /** Digest of the request by its token: DynamoDB answers a repeated request without writing again. */
  const completed = new Map<string, { readonly digest: string; readonly at: number }>();

  async function read(TableName: string, Key: AttributeMap): Promise<AttributeMap | undefined> {
    const answer = await send("GetItem", { TableName, Key, ConsistentRead: true });
    return (JSON.parse(answer.body) as { Item?: AttributeMap }).Item;
  }

  async function rehearse(part: Part): Promise<RehearsedPart> {
    const TableName = tables.rehearsal;
    const item = await read(tables.name, part.key);
    await (item === undefined
      ? send("DeleteItem", { TableName, Key: part.key })
      : send("PutItem", { TableName, Item: item }));
    const answer = await send(CALLS[part.operation], {
      ...part.input,
      TableName,
      ReturnConsumedCapacity: "TOTAL",
    });
    if (answer.status !== 200) {
      return { ...part, reason: reasonOf(part, answer, item), bytes: 0, writeUnits: 0 };
    }
    const { ConsumedCapacity } = JSON.parse(answer.body) as { ConsumedCapacity: { CapacityUnits: number } };
    const isWritten = part.operation === "Put" || part.operation === "Update";
    const counted = isWritten ? await read(TableName, part.key) : item;
    return {
      ...part,
      reason: { Code: "None" },
      bytes: counted === undefined ? 0 : itemSize(counted),
      // A transaction prepares and commits, condition checks included: twice the units of a single write.
      writeUnits: 2 * ConsumedCapacity.CapacityUnits,
    };
  }

  async function write(parts: readonly Part[]): Promise<void> {
    for (const { operation, input } of parts) {
      if (operation === "ConditionCheck") {
        continue;
      }
      const answer = await send(CALLS[operation], { ...input, TableName: tables.name });
      if (answer.status !== 200) {
        throw new Error(`A part failed after its rehearsal: ${answer.body}`);
      }
    }
  }

  return async (body) => {
    const request = JSON.parse(body) as TransactionRequest;
    const digest = createHash("sha256").update(body).digest("hex");
    const token = request.ClientRequestToken;
    const before = token === undefined ? undefined : completed.get(token);
    if (before !== undefined && Date.now() - before.at < TOKEN_MILLISECONDS) {
      return before.digest === digest ? answerOf({}) : refusal("IdempotentParameterMismatchException");
    }
    const parts = partsOf(request, tables);
    if (!Array.isArray(parts)) {
      return parts;
    }
    const rehearsed = await Promise.all(parts.map(rehearse));
    if (rehearsed.some(({ reason }) => reason.Code !== "None")) {
      return cancellation(rehearsed);
    }
    if (sum(rehearsed.map(({ bytes }) => bytes)) > MAX_BYTES) {
      return invalid("The aggregate size of the items in the transaction cannot exceed 4 MB");
    }
    await write(parts);
    if (token !== undefined) {
      completed.set(token, { digest, at: Date.now() });
    }
    return answerOf(consumedCapacity(tables.name, rehearsed, request.ReturnConsumedCapacity));
  };
}

/** The parts of a request, or its refusal as a whole. */
function partsOf(
  { TransactItems = [] }: TransactionRequest,
  { name, keyAttributes }: TransactionTables,
): Part[] | AwsAnswer {
  if (TransactItems.length < 1 || TransactItems.length > MAX_PARTS) {
    return invalid(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length from 1 to ${MAX_PARTS}`,
    );
  }
  const parts: Part[] = [];
  for (const item of TransactItems) {
    const [operation, ...others] = Object.keys(item).filter((key) => key in CALLS) as Part["operation"][];
    if (operation === undefined || others.length > 0) {
      return invalid(
        "TransactItems can only contain one of Check, Put, Update or Delete in each of its members",
      );
    }
    const input = item[operation] as Part["input"] & { Key?: AttributeMap; Item?: AttributeMap };
    const named = operation === "Put" ? input.Item : input.Key;
    if (named === undefined || (operation === "ConditionCheck" && input.ConditionExpression === undefined)) {
      return invalid(`A member of ${operation} must not be null`);
    }
    if (input.TableName !== name) {
      return refusal("ResourceNotFoundException", "Requested resource not found");
    }
    const key = Object.fromEntries(
      Object.entries(named).filter(([attribute]) => operation !== "Put" || keyAttributes.includes(attribute)),
    );
    const known = Object.entries(input).filter(([field]) => INPUTS.includes(field));
    parts.push({
      operation,
      key,
      input: {
        ...Object.fromEntries(known),
        ReturnValuesOnConditionCheckFailure: input.ReturnValuesOnConditionCheckFailure ?? "NONE",
      },
    });
  }
  const keys = parts.map(({ key }) => JSON.stringify(keyAttributes.map((attribute) => key[attribute])));
  if (new Set(keys).size < keys.length) {
    return invalid("Transaction request cannot include multiple operations on one item");
  }
  return parts;
}

function reasonOf(part: Part, answer: AwsAnswer, item: AttributeMap | undefined): RehearsedPart["reason"] {
  const { __type = "", message } = JSON.parse(answer.body) as { __type?: string; message?: string };
  const failure = { Message: message ?? "" };
  if (!__type.endsWith("#ConditionalCheckFailedException")) {
    return { Code: "ValidationError", ...failure };
  }
  const isShown = part.input.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && item !== undefined;
  return { Code: "ConditionalCheckFailed", ...failure, ...(isShown ? { Item: item } : {}) };
}

function cancellation(parts: readonly RehearsedPart[]): AwsAnswer {
  const codes = parts.map(({ reason }) => reason.Code).join(", ");
  return {
    ...answerOf({
      __type: "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
      Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      CancellationReasons: parts.map(({ reason }) => reason),
    }),
    status: 400,
  };
}

function consumedCapacity(TableName: string, parts: readonly RehearsedPart[], level = "NONE"): object {
  if (level === "NONE") {
    return {};
  }
  const units = sum(parts.map(({ writeUnits }) => writeUnits));
  const capacity = { CapacityUnits: units, WriteCapacityUnits: units };
  return {
    ConsumedCapacity: [{ TableName, ...capacity, ...(level === "INDEXES" ? { Table: capacity } : {}) }],
  };
}

function invalid(message: string): AwsAnswer {
  return {
    ...answerOf({ __type: "com.amazon.coral.validate#ValidationException", message }),
    status: 400,
  };
}

function refusal(code: string, message: string = code): AwsAnswer {
  return { ...answerOf({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message }), status: 400 };
}

function answerOf(body: object): AwsAnswer {
  return { status: 200, contentType: "application/x-amz-json-1.0", body: JSON.stringify(body) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
