export {
  BRAIN_ENDPOINTS,
  BRAIN_ENDPOINTS_SOURCE,
  type BrainEndpoint,
  type BrainRegion,
} from "../../facts/brain-endpoints.js";
export { PropError } from "../prop-error.js";
export { BrainEgress, type BrainEgressProps, type BrainFirewallRules } from "./brain-egress.js";
