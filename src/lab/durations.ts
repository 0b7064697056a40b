/** How long things take on a lab machine: milliseconds of lab time, in one table (the sums are the issue's: POST 2 min, live boot 2, …). */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export const DURATIONS = {
  /** From the request to the power state that a GET shows. */
  powerOn: 6 * SECOND,
  powerOff: 6 * SECOND,
  gracefulOff: 20 * SECOND,
  /** From power to the choice of the boot device. */
  post: 2 * MINUTE,
  /** From the choice to the running live system; the reading of the ISO is spread over it. */
  liveBoot: 2 * MINUTE,
  /** Of an insert that is answered by a task. */
  insertTask: 20 * SECOND,
  /** How often the live system touches its medium. */
  mediumTouch: 30 * SECOND,
  /** What an agent waits after an answer that it did not like. */
  agentRetry: 60 * SECOND,
  /** What installer and controller wait before they try a call again, and how long the installer keeps at it. */
  apiRetry: 10 * SECOND,
  apiPatience: 150 * SECOND,
  /** How often a write that stands still tries to go on. */
  writeRetry: 5 * SECOND,
  /** Of any step of the agent but the next two. */
  step: 2 * SECOND,
  diskSpeedStep: 5 * SECOND,
  imagesStep: 20 * SECOND,
  /** The installer, stage by stage. */
  starting: 20 * SECOND,
  installing: 40 * SECOND,
  bootkube: 5 * MINUTE,
  writing: 4 * MINUTE,
  /** From `Rebooting` to the power edge; POST and `diskBoot` follow. */
  reboot: 20 * SECOND,
  diskBoot: 40 * SECOND,
  join: 3 * MINUTE,
  /** The controller: how often it asks whether the cluster is finalizing, then its two stages. */
  controllerPoll: 10 * SECOND,
  operators: 2 * MINUTE,
  routerCa: 1 * MINUTE,
} as const;
