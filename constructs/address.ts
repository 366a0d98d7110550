import { type TerraformElement, TerraformStack } from "cdktf";

/**
 * Gives an element a short and readable Terraform address: the construct ids below the stack, joined by
 * `_`, for example `aws_s3_bucket.log-bucket_bucket`.
 *
 * The address is what ties a resource to its state, so it must not depend on anything that changes by
 * itself. CDKTF's own ids carry a hash and read differently under its feature flags
 * (`allowSepCharsInLogicalIds`), which every consumer chooses. Ids whose paths could collide
 * (`a_b` + `c`, `a` + `b_c`) or that Terraform does not accept keep CDKTF's hashed address.
 *
 * Call it right after `new`: a reference taken before still holds the old address.
 */
export function addressed<T extends TerraformElement>(element: T): T {
  const scopes = element.node.scopes;
  const path = scopes.slice(scopes.indexOf(TerraformStack.of(element)) + 1).map((scope) => scope.node.id);
  const [first = ""] = path;
  if (/^[A-Za-z]/.test(first) && path.every((id) => /^[A-Za-z0-9-]+$/.test(id))) {
    element.overrideLogicalId(path.join("_"));
  }
  return element;
}

/**
 * The address that {@link addressed} gives to a resource of a construct that is directly below its stack. It is for a construct
 * that is no longer there: a `removed` block lets Terraform forget its resources without destroying them.
 *
 * @param id of the construct in its stack.
 * @param resource the provider's class.
 * @param resourceId id of the resource in the construct.
 */
export function addressBelow(
  id: string,
  { tfResourceType }: { readonly tfResourceType: string },
  resourceId: string,
): string {
  return `${tfResourceType}.${id}_${resourceId}`;
}
