// All planted bugs. Spread over the folders by what would hurt most.
import { ofBus } from "./bus.ts";
import { ofChannels } from "./channels.ts";
import { ofCore } from "./core.ts";
import { ofDelivery } from "./delivery.ts";
import { ofDoors } from "./doors.ts";
import { ofHooks } from "./hooks.ts";
import type { Mutant } from "./mutant.ts";
import { ofNames } from "./names.ts";
import { ofStore } from "./store.ts";
import { ofWatch } from "./watch.ts";

export const mutants: readonly Mutant[] = [
  ...ofCore,
  ...ofNames,
  ...ofStore,
  ...ofBus,
  ...ofHooks,
  ...ofDelivery,
  ...ofChannels,
  ...ofWatch,
  ...ofDoors,
];
