/** A complete deployment file for tests that break one thing of it. Tests name its lines: add at the end only. */
export const VALID_DEPLOYMENT = `name: vectra-cdr
region: eu-west-1
tags: { owner: security }
terraform:
  backend: { local: {} }
accounts:
  management:
    id: "111111111111"
    assumeRole: { roleArn: "arn:aws:iam::111111111111:role/terraform" }
  logArchive:
    id: "222222222222"
  securityLake:
    id: "333333333333"
vectra:
  accountId: "999999999999"
  externalId: made-by-vectra
cloudTrail:
  organizationId: o-a1b2c3d4e5
  trail: { create: {} }
  logBucket: { create: {} }
  logKey: { create: {} }
  topic: { create: {} }
  role: { create: {} }
securityLake:
  bucketName: aws-security-data-lake-eu-west-1-abc123
  customSource:
    create:
      externalId: 4f0c9a7e1d5b48c2
  exporter:
    tenants:
      - name: acme
        url: https://123123123123.uw2.portal.vectra.ai
`;

/** The valid file with one piece of text replaced; throws when the piece is not there. */
export function deploymentWith(piece: string, replacement: string): string {
  if (!VALID_DEPLOYMENT.includes(piece)) {
    throw new Error(`The valid deployment has no ${JSON.stringify(piece)}`);
  }
  return VALID_DEPLOYMENT.replace(piece, replacement);
}
