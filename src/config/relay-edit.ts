// Changes the table `[relay]` of config.toml, in place.
import { editConfig, setToml } from "./edit.ts";
import type { Paths } from "./paths.ts";
import type { relayKeys } from "./relay.ts";

export type RelayChanges = Readonly<Partial<Record<(typeof relayKeys)[number], string | boolean>>>;

export function editRelay(paths: Paths, changes: RelayChanges): void {
  editConfig(paths, (text) =>
    Object.entries(changes).reduce(
      (edited, [key, value]) => setToml(edited, ["relay", key], value, paths.configToml),
      text,
    ),
  );
}
