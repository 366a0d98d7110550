import { join } from "node:path";
import type { Subject } from "./bench.js";
import type { LifecycleSubject } from "./lifecycle.js";

export const validatedOptions: Subject = {
  name: "validated-options",
  file: join(import.meta.dirname, "validated-options.yaml"),
};

export const organization: LifecycleSubject = {
  name: "organization",
  file: join(import.meta.dirname, "..", "..", "examples", "organization", "deployment.yaml"),
  uiValues: {
    log_bucket_name: "vectra-cdr-logs-222222222222-eu-west-1",
    log_bucket_region: "eu-west-1",
    notification_topic_arn: "arn:aws:sns:eu-west-1:222222222222:vectra-cdr-logs",
    vectra_role_arn: "arn:aws:iam::222222222222:role/vectra-cdr-log-reader",
    vectra_ui_values:
      "Paste these three values into the Vectra UI:\n" +
      "  Role ARN:  arn:aws:iam::222222222222:role/vectra-cdr-log-reader\n" +
      "  S3 bucket: vectra-cdr-logs-222222222222-eu-west-1 (eu-west-1)\n" +
      "  SNS topic: arn:aws:sns:eu-west-1:222222222222:vectra-cdr-logs\n",
  },
  retained: ["log-archive", "security-lake"],
  dispensable: { retain: false },
};

export const everyOption: LifecycleSubject = {
  name: "every-option",
  file: join(import.meta.dirname, "every-option.yaml"),
  uiValues: {
    log_bucket_name: "every-option-archive-222222222222",
    log_bucket_region: "eu-west-1",
    notification_topic_arn: "arn:aws:sns:eu-west-1:222222222222:every-option-notifications",
    vectra_role_arn: "arn:aws:iam::222222222222:role/vendors/every-option-vectra",
    vectra_ui_values:
      "Paste these three values into the Vectra UI:\n" +
      "  Role ARN:  arn:aws:iam::222222222222:role/vendors/every-option-vectra\n" +
      "  S3 bucket: every-option-archive-222222222222 (eu-west-1)\n" +
      "  SNS topic: arn:aws:sns:eu-west-1:222222222222:every-option-notifications\n",
  },
  retained: ["log-archive", "security-lake"],
  dispensable: { retain: false, "securityLake.exporter.deletionProtection": false },
};
