import { regionOfArn } from "../arn.js";
import { type Check, given } from "./check.js";

/** CloudWatch notifies topics of the alarm's own region only, and the alarms are where the exporter is. */
export const alarmTopicRegion: Check<{ topicArns: readonly string[]; region: string }> = (values) => {
  const region = given(values.region);
  return values.topicArns.flatMap((topicArn, index) => {
    const actual = regionOfArn(given(topicArn));
    return region === undefined || actual === undefined || actual === region
      ? []
      : [
          {
            key: "topicArns",
            index,
            problem: `the topic is in ${actual}, but the alarms are in ${region}, and CloudWatch notifies only topics in its own region`,
            allowed: `an SNS topic in ${region}`,
            remedy: `Use a topic in ${region}; its subscribers may be anywhere.`,
          },
        ];
  });
};
