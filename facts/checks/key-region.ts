import { type Check, given } from "./check.js";

/** KMS keys are used in their own region only, by every service. */
export const keyRegion: Check<{ keyRegion: string; region: string }> = (values, name) => {
  const actual = given(values.keyRegion);
  const region = given(values.region);
  if (actual === undefined || region === undefined || actual === region) {
    return [];
  }
  return [
    {
      key: "keyRegion",
      problem: `the key is in ${actual}, but what it encrypts is in ${region}`,
      allowed: `a key in ${region}`,
      remedy: `Use a key in ${region}, or correct ${name("region")}.`,
    },
  ];
};
