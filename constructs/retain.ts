/**
 * Lifecycle of a resource that holds data: as long as it is retained, a plan that would destroy or replace
 * it fails, for any change. Releasing it takes two steps on purpose: first `retain: false`, then the
 * change that destroys.
 *
 * Terraform forgets the rule together with the resource: taking the construct out of the program is not an
 * ordinary change. What is left then are the services' own nets: S3 keeps a bucket that is not empty, keys
 * and secrets can be restored for 30 days, a table has `deletionProtection`.
 *
 * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
 */
export function dataLifecycle(retain = true): { lifecycle?: { preventDestroy: boolean } } {
  return retain ? { lifecycle: { preventDestroy: true } } : {};
}
