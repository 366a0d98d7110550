import { type Check, given } from "./check.js";

/** Longest rate at which the alarm on 30 minutes without success still sees two runs. */
const MAX_RATE_MINUTES = 15;

/** A slower schedule would set off the alarm on missing runs. Cron expressions are not looked at. */
export const scheduleWithinAlarm: Check<{ schedule: string }> = (values) => {
  const [, number, unit] = /^rate\((\d+) (minute|hour|day)/.exec(given(values.schedule) ?? "") ?? [];
  if (unit === undefined || (unit === "minute" && Number(number) <= MAX_RATE_MINUTES)) {
    return [];
  }
  return [
    {
      key: "schedule",
      problem: `runs must be at most ${MAX_RATE_MINUTES} minutes apart: an alarm expects a successful run in every 30 minutes`,
      allowed: `a rate of at most ${MAX_RATE_MINUTES} minutes`,
      remedy: "Choose a shorter rate.",
    },
  ];
};
