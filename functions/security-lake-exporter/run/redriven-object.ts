import { createHash } from "node:crypto";
import { objectName } from "../../../facts/object-names.js";
import { apiOfPartition } from "../state/home.js";
import { otherApiOf } from "../state/quarantine.js";

/**
 * Name of the object that an event in quarantine becomes, whatever version of the API is configured by then.
 *
 * @param pk hash key of the tenant's items.
 * @param sortKey of the event in quarantine.
 */
export function redrivenObjectName(tenant: string, pk: string, sortKey: string): string {
  const event = createHash("sha256").update(sortKey).digest("hex").slice(0, 16);
  return objectName({ kind: "redrive", tenant, api: otherApiOf(sortKey) ?? apiOfPartition(pk), event });
}
