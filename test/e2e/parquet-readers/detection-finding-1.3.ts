import type { DeclaredTable } from "./declared-table.js";
import { int32, int64, kilobyte, strings } from "./hostile-values.js";

export const detectionFinding13: DeclaredTable = {
  profile: "detection-finding-1.3",
  schema: `message schema {
  optional int32 activity_id;
  optional binary activity_name (STRING);
  optional binary category_name (STRING);
  optional int32 category_uid;
  optional binary class_name (STRING);
  optional int32 class_uid;
  optional binary type_name (STRING);
  optional int64 type_uid;
  optional group cloud {
    optional group account {
      optional binary type (STRING);
      optional int32 type_id;
      optional binary uid (STRING);
    }
    optional binary provider (STRING);
  }
  optional group evidences (LIST) {
    repeated group list {
      optional group element {
        optional group user {
          optional group account {
            optional binary type (STRING);
            optional int32 type_id;
            optional binary uid (STRING);
          }
          optional binary name (STRING);
          optional binary type (STRING);
          optional int32 type_id;
        }
      }
    }
  }
  optional group finding_info {
    optional group analytic {
      optional binary name (STRING);
      optional binary type (STRING);
      optional int32 type_id;
    }
    optional int64 created_time;
    optional binary src_url (STRING);
    optional binary title (STRING);
    optional group types (LIST) {
      repeated group list {
        optional binary element (STRING);
      }
    }
    optional binary uid (STRING);
  }
  optional binary message (STRING);
  optional group metadata {
    optional binary event_code (STRING);
    optional binary original_time (STRING);
    optional group product {
      optional binary lang (STRING);
      optional binary name (STRING);
      optional binary uid (STRING);
      optional binary vendor_name (STRING);
    }
    optional group profiles (LIST) {
      repeated group list {
        optional binary element (STRING);
      }
    }
    optional binary tenant_uid (STRING);
    optional binary uid (STRING);
    optional binary version (STRING);
  }
  optional binary raw_data (STRING);
  optional group resources (LIST) {
    repeated group list {
      optional group element {
        optional binary criticality (STRING);
        optional binary name (STRING);
        optional binary type (STRING);
        optional binary uid (STRING);
      }
    }
  }
  optional binary risk_details (STRING);
  optional int32 risk_score;
  optional binary severity (STRING);
  optional int32 severity_id;
  optional binary status (STRING);
  optional binary status_detail (STRING);
  optional int32 status_id;
  optional int64 time;
  optional group unmapped (MAP) {
    repeated group key_value {
      required binary key (STRING);
      optional binary value (STRING);
    }
  }
}
`,
  records: [
    {
      activity_id: 1,
      activity_name: "Create",
      category_name: "Findings",
      category_uid: 2,
      class_name: "Detection Finding",
      class_uid: 2004,
      type_name: "Detection Finding: Create",
      type_uid: 200401,
      cloud: { account: { type: "AWS Account", type_id: 10, uid: "111122223333" }, provider: "AWS" },
      evidences: [
        {
          user: {
            account: { type: "AWS Account", type_id: 10, uid: "111122223333" },
            name: "admin",
            type: "role",
            type_id: 99,
          },
        },
      ],
      finding_info: {
        analytic: { name: "AWS S3 Enumeration", type: "Behavioral", type_id: 2 },
        created_time: 1_738_354_208_000,
        src_url: "https://acme.uw2.portal.vectra.ai/accounts/42?a=1&b=%20",
        title: "Vectra Account Score Change Alert: AWS:111122223333/role:admin",
        types: ["AWS S3 Enumeration", "AWS Organization Discovery"],
        uid: "acme/1001",
      },
      message: "Vectra Account Score Change Alert",
      metadata: {
        event_code: "ACCOUNT_SCORING",
        original_time: "2025-01-31T20:10:08Z",
        product: { lang: "en", name: "Vectra Detect", uid: "acme", vendor_name: "Vectra" },
        profiles: ["cloud"],
        tenant_uid: "acme",
        uid: "1001",
        version: "1.3.0",
      },
      raw_data: '{"id":1001,"name":"AWS:111122223333/role:admin"}',
      resources: [
        { criticality: "2", name: "AWS:111122223333/role:admin", type: "account", uid: "42" },
        { name: "a second one" },
      ],
      risk_details: "Many detections in little time",
      risk_score: 87,
      severity: "High",
      severity_id: 4,
      status: "New",
      status_detail: "alice",
      status_id: 1,
      time: 1_738_354_208_000,
      unmapped: { attack_rating: "7", "last_detection.id": "5" },
    },
    // Nothing at all; then structs, lists and maps with nothing in them, which are not null.
    {},
    { cloud: {}, evidences: [], finding_info: {}, metadata: {}, resources: [], unmapped: {} },
    {
      cloud: { account: {} },
      evidences: [{}],
      finding_info: { analytic: {}, types: [] },
      metadata: { product: {}, profiles: [] },
      resources: [{}],
    },
    {
      activity_id: 0,
      activity_name: strings.empty,
      category_name: strings.blank,
      category_uid: 0,
      class_name: strings.unicode,
      class_uid: -1,
      type_name: strings.edges,
      type_uid: -200_401,
      cloud: {
        account: { type: strings.unicode, type_id: 0, uid: strings.edges },
        provider: strings.noValue,
      },
      evidences: [
        null,
        {},
        { user: {} },
        { user: { account: {} } },
        { user: { account: { type_id: -10, uid: strings.empty }, name: strings.unicode } },
        { user: { name: strings.controls, type: strings.syntax, type_id: 0 } },
        null,
      ],
      finding_info: {
        analytic: { name: strings.syntax, type: strings.empty, type_id: -2 },
        created_time: -1,
        src_url: strings.syntax,
        title: strings.controls,
        types: [strings.empty, null, strings.unicode, null, strings.empty],
        uid: strings.edges,
      },
      message: strings.unicode,
      metadata: {
        event_code: strings.controls,
        original_time: strings.blank,
        product: { lang: strings.edges, name: strings.controls, uid: strings.noValue, vendor_name: "" },
        profiles: [null],
        tenant_uid: strings.unicode,
        uid: strings.empty,
        version: strings.syntax,
      },
      raw_data: strings.controls,
      resources: [
        null,
        {},
        { criticality: strings.empty, name: strings.unicode, type: strings.controls, uid: strings.edges },
        null,
        { uid: strings.syntax },
      ],
      risk_details: strings.edges,
      risk_score: -1,
      severity: strings.controls,
      severity_id: -1,
      status: strings.noValue,
      status_detail: strings.empty,
      status_id: 99,
      time: 0,
      unmapped: {
        [strings.empty]: strings.empty,
        [strings.unicode]: strings.controls,
        [strings.syntax]: null,
        [strings.edges]: strings.noValue,
        "a.b": strings.unicode,
      },
    },
    { class_uid: int32.lowest, risk_score: int32.highest, time: int64.lowest, type_uid: int64.highest },
    { class_uid: int32.highest, risk_score: int32.lowest, time: int64.highest, type_uid: int64.lowest },
    { evidences: [null], finding_info: { created_time: 2 ** 31 }, metadata: { profiles: [null, null] } },
    { finding_info: { created_time: -(2 ** 32) - 1, types: [null] }, unmapped: { attack_rating: null } },
  ],
  large: (number) => ({
    class_uid: 2004,
    type_uid: 200401,
    evidences: [{ user: { name: kilobyte(number), type_id: 99 } }, ...(number % 3 === 0 ? [null, {}] : [])],
    finding_info: { title: "Vectra Account Score Change Alert", types: number % 3 === 0 ? [] : ["a", null] },
    message: kilobyte(number),
    ...(number % 2 === 0 ? { metadata: { profiles: ["cloud"] } } : {}),
    resources: [{ uid: strings.unicode }],
    time: 1_738_354_208_000 + number,
    unmapped: { [`field ${number}`]: kilobyte(number), attack_rating: "7" },
  }),
  leavesOfSeveralPages: ["message", "evidences.list.element.user.name", "unmapped.key_value.value"],
};
