import { DEFAULT_PROFILE, eventClassOf, type ProfileName } from "../profiles.js";
import { type Check, given } from "./check.js";

/** Security Lake takes one event class per source, and all tenants of an exporter write to one source. */
export const tenantsShareClass: Check<{ profiles: readonly ProfileName[]; sourceEventClass: string }> = (
  values,
  name,
) => {
  const classes = values.profiles.map((profile) =>
    profile.state === "unknown" ? undefined : eventClassOf(given(profile)),
  );
  const first = classes.findIndex((eventClass) => eventClass !== undefined);
  const ofSource = given(values.sourceEventClass);
  const expected = ofSource ?? classes[first];
  const other =
    ofSource === undefined
      ? `${name("profiles", first)} writes ${expected}`
      : `the custom source (${name("sourceEventClass")}) holds ${expected}`;
  return classes.flatMap((eventClass, index) =>
    eventClass === undefined || eventClass === expected
      ? []
      : [
          {
            key: "profiles",
            index,
            problem: `${values.profiles[index]?.state === "omitted" ? `the default profile, ${DEFAULT_PROFILE}, ` : ""}writes ${eventClass}, but ${other}, and a source holds one event class`,
            allowed: `a profile that writes ${expected}`,
            remedy: `Choose a profile that writes ${expected}, or export this tenant to its own source, in another deployment.`,
          },
        ],
  );
};
