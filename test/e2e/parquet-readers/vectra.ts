import type { DeclaredTable } from "./declared-table.js";
import { int32, int64, kilobyte, strings } from "./hostile-values.js";

export const vectra: DeclaredTable = {
  profile: "vectra",
  schema: `message schema {
  optional binary activity (STRING);
  optional int32 activity_id;
  optional binary category_name (STRING);
  optional int32 category_uid;
  optional binary class_name (STRING);
  optional int32 class_uid;
  optional group finding {
    optional binary title (STRING);
    optional binary src_url (STRING);
    optional binary uid (STRING);
    optional binary supporting_data (STRING);
  }
  optional binary message (STRING);
  optional group metadata {
    optional binary version (STRING);
    optional group product {
      optional binary lang (STRING);
      optional binary name (STRING);
      optional binary uid (STRING);
      optional binary vendor_name (STRING);
    }
  }
  optional binary severity (STRING);
  optional int32 severity_id;
  optional int32 state_id;
  optional binary status_detail (STRING);
  optional int64 time;
  optional binary type_name (STRING);
  optional int32 type_uid;
}
`,
  records: [
    {
      activity: "Generate",
      activity_id: 1,
      category_name: "Findings",
      category_uid: 2,
      class_name: "Security Findings",
      class_uid: 2001,
      finding: {
        title: "Generate",
        src_url: "https://acme.uw2.portal.vectra.ai/accounts/42?a=1&b=%20",
        uid: "42",
        supporting_data: '{"active_detection_types":["AWS S3 Enumeration"],"last_detection_id":null}',
      },
      message: "Vectra Account Score Change Alert",
      metadata: {
        version: "1.0.0",
        product: { lang: "en", name: "Vectra Detect", uid: "acme", vendor_name: "Vectra" },
      },
      severity: "High",
      severity_id: 4,
      state_id: 1,
      status_detail: "alice",
      time: 1_738_354_208_000,
      type_name: "Security Finding: Generate",
      type_uid: 200101,
    },
    // Nothing at all; then structs with nothing in them, which are not null.
    {},
    { finding: {}, metadata: {} },
    { finding: { uid: "43" }, metadata: { product: {} } },
    {
      activity: strings.empty,
      activity_id: 0,
      category_name: strings.blank,
      category_uid: 0,
      class_name: strings.unicode,
      class_uid: -1,
      finding: {
        title: strings.controls,
        src_url: strings.syntax,
        uid: strings.edges,
        supporting_data: strings.noValue,
      },
      message: strings.unicode,
      metadata: {
        version: strings.empty,
        product: {
          lang: strings.edges,
          name: strings.controls,
          uid: strings.noValue,
          vendor_name: strings.syntax,
        },
      },
      severity: strings.controls,
      severity_id: -1,
      state_id: 99,
      status_detail: strings.empty,
      time: 0,
      type_name: strings.edges,
      type_uid: -200_101,
    },
    { category_uid: int32.lowest, class_uid: int32.highest, time: int64.lowest, type_uid: int32.lowest },
    { category_uid: int32.highest, class_uid: int32.lowest, time: int64.highest, type_uid: int32.highest },
    { severity_id: 255, state_id: 65_536, time: 2 ** 31 },
    { severity_id: -128, state_id: -32_769, time: -(2 ** 32) - 1 },
  ],
  large: (number) => ({
    class_uid: 2001,
    finding: number % 3 === 0 ? { title: "Generate", uid: String(number % 7) } : {},
    message: kilobyte(number),
    metadata: { version: "1.0.0", product: { uid: strings.unicode, vendor_name: "Vectra" } },
    time: 1_738_354_208_000 + number,
    ...(number % 2 === 0 ? { status_detail: strings.empty } : {}),
    type_uid: 200101,
  }),
  leavesOfSeveralPages: ["message"],
};
