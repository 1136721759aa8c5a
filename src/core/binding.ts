// Which instance a session belongs to: the four paths, decided from what the bindings say.
// Carrying a decision out is the business of bus/bind.ts.
import type { Instance } from "./instance.ts";
import { isTruePlaceholder } from "./liveness.ts";

export interface BindingView {
  /** The instance bound to this process, if any. */
  ofProcess: Instance | undefined;
  /** Name the session is bound to, and its row when that still exists. */
  sessionOwner: string | undefined;
  sessionRow: Instance | undefined;
  /** Name in the newest stopped snapshot that carried this session. */
  stoppedOwner: string | undefined;
}

export type Binding =
  /** The session is known; nothing else holds the process. */
  | { path: "canonical"; name: string }
  /** The process had an unused reservation: fold it into the known instance. */
  | { path: "merge"; name: string; placeholder: Instance }
  /** The user went back to another session in the same terminal: the old agent leaves. */
  | { path: "switch"; name: string; leaving: Instance }
  /** The session belonged to a stopped instance: it comes back under its name. */
  | { path: "restore"; name: string; placeholder: Instance | undefined }
  /** First session of a launched process. */
  | { path: "placeholder"; name: string }
  | { path: "none" };

export function decideBinding(view: BindingView): Binding {
  const { ofProcess, sessionOwner } = view;
  if (sessionOwner !== undefined && view.sessionRow !== undefined) {
    if (ofProcess === undefined || ofProcess.name === sessionOwner) {
      return { path: "canonical", name: sessionOwner };
    }
    return isTruePlaceholder(ofProcess)
      ? { path: "merge", name: sessionOwner, placeholder: ofProcess }
      : { path: "switch", name: sessionOwner, leaving: ofProcess };
  }
  if (view.stoppedOwner !== undefined && canRestore(view)) {
    return { path: "restore", name: view.stoppedOwner, placeholder: ofProcess };
  }
  if (ofProcess !== undefined) return { path: "placeholder", name: ofProcess.name };
  return { path: "none" };
}

// A process that already is a real agent keeps its name: only an unused reservation, or no
// process at all, may turn into the stopped one.
function canRestore(view: BindingView): boolean {
  return view.ofProcess === undefined || isTruePlaceholder(view.ofProcess);
}
