import { Fn, Token } from "cdktf";
import { DEFAULT_DNS_SUFFIX, PARTITIONS } from "../facts/partitions.js";

/**
 * What `kms:ViaService` says of a key that a service uses for its caller: the service's host name in the region. In
 * a partition that is not known here it is the commercial one, which allows nothing elsewhere.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function viaService(
  service: string,
  { partition, region }: { readonly partition: string; readonly region: string },
): string {
  return `${service}.${region}.${dnsSuffixOf(partition)}`;
}

/** Terraform looks up what is known only to it. */
function dnsSuffixOf(partition: string): string {
  if (!Token.isUnresolved(partition)) {
    return PARTITIONS[partition]?.dnsSuffix ?? DEFAULT_DNS_SUFFIX;
  }
  const suffixes = Object.entries(PARTITIONS).map(([name, { dnsSuffix }]) => [name, dnsSuffix] as const);
  return Token.asString(Fn.lookup(Object.fromEntries(suffixes), partition, DEFAULT_DNS_SUFFIX));
}
