/** A kind of detection, and what it adds to an account's scores. */
export interface DetectionModel {
  readonly type: string;
  readonly category: string;
  readonly threat: number;
  readonly certainty: number;
  readonly urgency: number;
}

export const DETECTION_MODELS: readonly DetectionModel[] = [
  { type: "AWS Organization Discovery", category: "reconnaissance", threat: 22, certainty: 40, urgency: 14 },
  {
    type: "AWS User Permissions Enumeration",
    category: "reconnaissance",
    threat: 30,
    certainty: 35,
    urgency: 17,
  },
  {
    type: "AWS Suspicious Credential Usage",
    category: "command_and_control",
    threat: 55,
    certainty: 30,
    urgency: 33,
  },
  {
    type: "AWS Suspicious EC2 Enumeration",
    category: "reconnaissance",
    threat: 35,
    certainty: 25,
    urgency: 19,
  },
  { type: "AWS S3 Enumeration", category: "reconnaissance", threat: 45, certainty: 45, urgency: 25 },
];

/** A detection of an account. */
export interface Detection {
  readonly id: number;
  readonly model: DetectionModel;
}
