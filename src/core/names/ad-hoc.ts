// A name without an agent program: any shell that joined. We hear of it by its
// own commands alone.

/** The `tool` of a name without an agent program. */
export const adHoc = "adhoc";

export function isAdHoc({ tool }: { tool: string }): boolean {
  return tool === adHoc;
}

/** As people write it. */
export function toolShown(tool: string): string {
  return isAdHoc({ tool }) ? "ad-hoc" : tool;
}
