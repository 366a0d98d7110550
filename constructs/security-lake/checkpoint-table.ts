import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { Construct } from "constructs";
import { type AccountAndRegion, tableArn } from "../../facts/arn.js";
import { given } from "../../facts/given.js";
import { EXPORTER_OPTIONS } from "../../facts/options/exporter.js";
import { addressed } from "../address.js";
import { dataLifecycle } from "../retain.js";

export interface CheckpointTableProps {
  /** Name of the table. */
  readonly tableName: string;
  readonly accountAndRegion: AccountAndRegion;
  /**
   * Customer key that encrypts the table.
   *
   * @default - the key that AWS manages for DynamoDB in this account
   */
  readonly kmsKeyArn?: string | undefined;
  /**
   * Whether DynamoDB itself refuses to delete the table, for every principal.
   *
   * @default false
   */
  readonly deletionProtection?: boolean | undefined;
  /**
   * Whether Terraform refuses to destroy the table. Without its checkpoint, a tenant is exported from
   * the beginning again.
   *
   * @default true
   */
  readonly retain?: boolean | undefined;
}

/**
 * The exporter's memory: one checkpoint with its lease per tenant, the last score of each account, the keys of recent events,
 * the quarantine, and what a run has prepared and not yet written. It holds events: on demand, encrypted, with point-in-time
 * recovery, whose backups keep what was deleted for 35 days.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
 */
export class CheckpointTable extends Construct {
  readonly tableName: string;
  readonly tableArn: string;

  constructor(scope: Construct, id: string, props: CheckpointTableProps) {
    super(scope, id);
    this.tableName = this.createTable(props).name;
    this.tableArn = tableArn(props.accountAndRegion, props.tableName);
  }

  protected createTable(props: CheckpointTableProps): DynamodbTable {
    return addressed(
      new DynamodbTable(this, "table", {
        name: props.tableName,
        billingMode: "PAY_PER_REQUEST",
        hashKey: "pk",
        rangeKey: "sk",
        attribute: [
          { name: "pk", type: "S" },
          { name: "sk", type: "S" },
        ],
        serverSideEncryption: { enabled: true, ...given({ kmsKeyArn: props.kmsKeyArn }) },
        pointInTimeRecovery: { enabled: true },
        // Quarantined events and the keys of recent events expire; whatever a run relies on does not.
        ttl: { attributeName: "expires_at", enabled: true },
        deletionProtectionEnabled: props.deletionProtection ?? EXPORTER_OPTIONS.deletionProtection.default,
        ...dataLifecycle(props.retain),
      }),
    );
  }
}
