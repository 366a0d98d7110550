import { int32, int64, string } from "../parquet/schema.js";
import { FIXED, optional, required } from "./attributes.js";

/**
 * The attributes that identify the class of a record of category Findings. Each scoring event is a new finding
 * (activity 1, Create), as in the product's table.
 *
 * @param uid of the class, for example 2004.
 * @param name its caption, which since OCSF 1.0.0-rc.3 is singular.
 */
export function findingClass(uid: number, name: string) {
  const values = {
    activity_id: 1,
    activity_name: "Create",
    category_name: "Findings",
    category_uid: 2,
    class_name: name,
    class_uid: uid,
    type_name: `${name}: Create`,
    type_uid: uid * 100 + 1,
  };
  const columns = [
    required(int32("activity_id"), {
      from: FIXED,
      ids: { captions: { 1: values.activity_name }, captionIn: "activity_name" },
    }),
    optional(string("activity_name"), { from: FIXED }),
    optional(string("category_name"), { from: FIXED }),
    required(int32("category_uid"), {
      from: FIXED,
      ids: { captions: { 2: values.category_name }, captionIn: "category_name" },
    }),
    optional(string("class_name"), { from: FIXED }),
    required(int32("class_uid"), {
      from: FIXED,
      ids: { captions: { [uid]: name }, captionIn: "class_name" },
    }),
    optional(string("type_name"), { from: FIXED }),
    required(int64("type_uid"), {
      from: FIXED,
      ids: { captions: { [values.type_uid]: values.type_name }, captionIn: "type_name" },
    }),
  ] as const;
  return { columns, values };
}
