// Who a call of the library is for. The same rules as for commands: a session that is known is only
// itself, and only a person's own shell speaks as the person.
import { type Identity, senderOf, whoAmI } from "../../bus/agents/identity.ts";
import type { Bus } from "../../bus/bus.ts";
import { human, type Instance } from "../../core/instance.ts";
import { checkSenderName, fullName } from "../../core/names/address.ts";
import { Refusal } from "../../core/refusal.ts";

/** Parameters by which every call says it. */
export const callerShape = { as: "text?", external: "flag?" } as const;

export interface Caller {
  as?: string | undefined;
  external?: boolean | undefined;
}

export function callerOf(bus: Bus, { as, external }: Caller): Exclude<Identity, { kind: "none" }> {
  if (external === true && as === undefined) {
    throw new Refusal({
      code: "usage",
      message: "an external sender needs a name",
      hint: 'session({ name: "ci", external: true })',
    });
  }
  const outside = external === true && as !== undefined ? checkSenderName(as) : undefined;
  const found = as === undefined || outside !== undefined ? undefined : whoAmI(bus, { name: as });
  const identity = found ?? senderOf(bus, {}, outside);
  return identity.kind === "none" ? { kind: "external", name: human } : identity;
}

export function shownName(identity: Exclude<Identity, { kind: "none" }>): string {
  return identity.kind === "instance" ? fullName(identity.row) : identity.name;
}

export function requireAgent(bus: Bus, caller: Caller, what: string): Instance {
  const identity = callerOf(bus, caller);
  if (identity.kind === "instance") return identity.row;
  throw new Refusal({
    code: "not_an_agent",
    message: `${identity.name} is no agent and cannot ${what}`,
    hint: "bind the session to one: session({ name })",
  });
}
