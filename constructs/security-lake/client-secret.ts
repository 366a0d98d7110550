import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret/index.js";
import { Construct } from "constructs";
import { given } from "../../facts/given.js";
import { addressed } from "../address.js";
import { dataLifecycle } from "../retain.js";

export interface ClientSecretProps {
  /** Name of the secret. */
  readonly secretName: string;
  /** Tenant whose API client the secret holds; only for the description. */
  readonly tenantName: string;
  /**
   * Customer key that encrypts the secret. The principal that stores the value needs
   * `kms:GenerateDataKey` and `kms:Decrypt` on it.
   *
   * @default - `aws/secretsmanager`
   */
  readonly kmsKeyArn?: string | undefined;
  /**
   * Whether Terraform refuses to destroy the secret; with `false` it is deleted at once, without the 30 days in
   * which it can be restored, so that the name can be used again.
   *
   * @default true
   */
  readonly retain?: boolean | undefined;
}

/**
 * The place for a tenant's API client, created empty: its value never passes through Terraform, whose state
 * would keep it in clear text. Store it with
 * `aws secretsmanager put-secret-value --secret-id <arn> --secret-string file://client.json`, where the file
 * contains `{"client_id": "...", "client_secret": "..."}`.
 */
export class ClientSecret extends Construct {
  readonly secretArn: string;

  constructor(scope: Construct, id: string, props: ClientSecretProps) {
    super(scope, id);
    this.secretArn = this.createSecret(props).arn;
  }

  protected createSecret(props: ClientSecretProps): SecretsmanagerSecret {
    return addressed(
      new SecretsmanagerSecret(this, "secret", {
        name: props.secretName,
        description: `API client of the Vectra tenant ${props.tenantName}: JSON with client_id and client_secret`,
        ...given({ kmsKeyId: props.kmsKeyArn }),
        recoveryWindowInDays: props.retain === false ? 0 : 30,
        ...dataLifecycle(props.retain),
      }),
    );
  }
}
