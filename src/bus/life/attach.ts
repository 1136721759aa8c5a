// The wrapper's marks on its instance's row: what process runs where, how the launch turned out,
// and the farewell when it ends.
import type { LifeAction } from "../../core/events/life.ts";
import { type Instance, type LaunchContext, launchContextOf } from "../../core/instance.ts";
import { asObject, parseJson } from "../../core/json.ts";
import { isPlaceholder } from "../../core/liveness.ts";
import type { Status } from "../../core/status.ts";
import { deleteProcessBinding, processBinding } from "../../store/bindings.ts";
import { deleteEndpoints } from "../../store/endpoints.ts";
import { getInstance, updateInstance } from "../../store/instances.ts";
import { pidNamespace } from "../../sys/process.ts";
import { addToLaunchContext } from "../agents/launch-context.ts";
import { setStatus } from "../agents/set-status.ts";
import { append } from "../append.ts";
import type { Bus } from "../bus.ts";
import { tellLauncher } from "./batch.ts";
import { paneIn } from "./pane.ts";
import { stopInstance } from "./stop.ts";

export interface Attachment {
  processId: string;
  name: string;
  pid: number;
  pidStart?: string;
  wrapperPid: number;
  wrapperStart?: string;
  controlSocket?: string;
  toolVersion?: string;
  configDir?: string;
}

export function attachWrapper(bus: Bus, attachment: Attachment): void {
  const added: LaunchContext = {
    ...paneIn(bus.system.env),
    process_id: attachment.processId,
    pid_namespace: pidNamespace(),
    wrapper_pid: attachment.wrapperPid,
    ...(attachment.pidStart === undefined ? {} : { pid_start: attachment.pidStart }),
    ...(attachment.wrapperStart === undefined ? {} : { wrapper_start: attachment.wrapperStart }),
    ...(attachment.controlSocket === undefined ? {} : { control_socket: attachment.controlSocket }),
    ...(attachment.toolVersion === undefined ? {} : { tool_version: attachment.toolVersion }),
    ...(attachment.configDir === undefined ? {} : { config_dir: attachment.configDir }),
  };
  bus.db.write(() => {
    addToLaunchContext(bus, attachment.name, added);
    updateInstance(bus.db, attachment.name, { pid: attachment.pid });
  });
}

/**
 * A wrapper was started and has not spoken yet: who it is, so that the launch can be ended before
 * it attaches. Says less than `attachWrapper`, and takes nothing back when that came first.
 */
export function noteWrapper(
  bus: Bus,
  name: string,
  wrapper: { pid: number; start?: string },
): void {
  bus.db.write(() => {
    const row = getInstance(bus.db, name);
    if (row === undefined || row.pid !== null) return;
    const added: LaunchContext = {
      pid_namespace: pidNamespace(),
      wrapper_pid: wrapper.pid,
      ...(wrapper.start === undefined ? {} : { wrapper_start: wrapper.start }),
    };
    updateInstance(bus.db, name, {
      launch_context: JSON.stringify({ ...asObject(parseJson(row.launch_context)), ...added }),
    });
  });
}

export interface Outcome {
  action: Extract<LifeAction, "ready" | "launch_blocked" | "launch_failed">;
  status?: Status;
  context?: string;
  reason?: string;
  detail?: string;
}

/** Says once how the launch went; a launch that was blocked may become ready later. */
export function launchOutcome(bus: Bus, name: string, outcome: Outcome): void {
  bus.db.write(() => {
    const row = getInstance(bus.db, name);
    if (row === undefined) return;
    if (outcome.status !== undefined) {
      setStatus(bus, name, {
        status: outcome.status,
        context: outcome.context ?? "",
        ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
        writer: "wrapper",
      });
    }
    append(bus, {
      type: "life",
      instance: name,
      data: {
        action: outcome.action,
        by: "wrapper",
        status: outcome.status ?? row.status,
        context: outcome.context ?? row.status_context,
        ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
        ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
        ...batchIn(row),
      },
    });
    tellLauncher(bus, row);
  });
}

export function batchIn(row: Instance): { batch_id?: string } {
  const { batch_id } = launchContextOf(row);
  return batch_id === undefined ? {} : { batch_id };
}

export interface Detachment {
  processId: string;
  reason: "closed" | "killed" | "launch_failed";
  exitCode: number;
  screenTail?: string;
}

/** The wrapped tool has ended. Only the instance that this process still owns leaves. */
export function detachWrapper(bus: Bus, detachment: Detachment): void {
  bus.db.write(() => detach(bus, detachment));
}

function detach(bus: Bus, detachment: Detachment): void {
  const binding = processBinding(bus.db, detachment.processId);
  if (binding === undefined) return;
  const row = getInstance(bus.db, binding.instance_name);
  deleteProcessBinding(bus.db, detachment.processId);
  if (row === undefined) return;
  deleteEndpoints(bus.db, row.name);
  if (isPlaceholder(row) && detachment.reason !== "killed") {
    launchOutcome(bus, row.name, {
      action: "launch_failed",
      reason: "exited_before_bind",
      detail: `exit code ${detachment.exitCode}${tail(detachment.screenTail)}`,
    });
  }
  setStatus(bus, row.name, {
    status: "inactive",
    context: `exit:${detachment.reason}`,
    writer: "wrapper",
  });
  stopInstance(bus, row.name, { by: "pty", reason: detachment.reason });
}

function tail(screen: string | undefined): string {
  return screen === undefined || screen === "" ? "" : `: ${screen}`;
}
