import type { DeclaredTable } from "./declared-table.js";
import { int32, int64, kilobyte, strings } from "./hostile-values.js";

export const securityFinding11: DeclaredTable = {
  profile: "security-finding-1.1",
  schema: `message schema {
  optional int32 activity_id;
  optional binary activity_name (STRING);
  optional binary category_name (STRING);
  optional int32 category_uid;
  optional binary class_name (STRING);
  optional int32 class_uid;
  optional binary type_name (STRING);
  optional int64 type_uid;
  optional group analytic {
    optional binary name (STRING);
    optional binary type (STRING);
    optional int32 type_id;
  }
  optional group cloud {
    optional group account {
      optional binary type (STRING);
      optional int32 type_id;
      optional binary uid (STRING);
    }
    optional binary provider (STRING);
  }
  optional group finding {
    optional binary supporting_data (STRING);
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
  optional int32 risk_score;
  optional binary severity (STRING);
  optional int32 severity_id;
  optional binary state (STRING);
  optional int32 state_id;
  optional binary status_detail (STRING);
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
      class_name: "Security Finding",
      class_uid: 2001,
      type_name: "Security Finding: Create",
      type_uid: 200101,
      analytic: { name: "AWS S3 Enumeration", type: "Behavioral", type_id: 2 },
      cloud: { account: { type: "AWS Account", type_id: 10, uid: "111122223333" }, provider: "AWS" },
      finding: {
        supporting_data: '{"active_detection_types":["AWS S3 Enumeration"],"last_detection_id":null}',
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
        version: "1.1.0",
      },
      raw_data: '{"id":1001,"name":"AWS:111122223333/role:admin"}',
      resources: [
        { criticality: "2", name: "AWS:111122223333/role:admin", type: "account", uid: "42" },
        { name: "a second one" },
      ],
      risk_score: 87,
      severity: "High",
      severity_id: 4,
      state: "New",
      state_id: 1,
      status_detail: "alice",
      time: 1_738_354_208_000,
      unmapped: { attack_rating: "7", is_prioritized: "true" },
    },
    // Nothing at all; then structs, lists and maps with nothing in them, which are not null.
    {},
    { analytic: {}, cloud: {}, finding: {}, metadata: {}, resources: [], unmapped: {} },
    {
      cloud: { account: {} },
      finding: { types: [] },
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
      type_uid: -200_101,
      analytic: { name: strings.syntax, type: strings.empty, type_id: -2 },
      cloud: {
        account: { type: strings.unicode, type_id: 0, uid: strings.edges },
        provider: strings.noValue,
      },
      finding: {
        supporting_data: strings.noValue,
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
      risk_score: -1,
      severity: strings.controls,
      severity_id: -1,
      state: strings.edges,
      state_id: 99,
      status_detail: strings.empty,
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
    { finding: { created_time: 2 ** 31 }, metadata: { profiles: [null, null] }, resources: [null] },
    { finding: { created_time: -(2 ** 32) - 1, types: [null] }, unmapped: { attack_rating: null } },
  ],
  large: (number) => ({
    class_uid: 2001,
    type_uid: 200101,
    finding: { title: "Vectra Account Score Change Alert", types: number % 3 === 0 ? [] : ["a", null, "b"] },
    message: kilobyte(number),
    ...(number % 2 === 0 ? { metadata: { profiles: ["cloud"] } } : {}),
    resources: [{ uid: kilobyte(number) }, null, { name: strings.unicode }],
    time: 1_738_354_208_000 + number,
    unmapped: { [`field ${number}`]: kilobyte(number), attack_rating: "7" },
  }),
  leavesOfSeveralPages: ["message", "resources.list.element.uid", "unmapped.key_value.value"],
};
