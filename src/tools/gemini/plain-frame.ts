// Gemini CLI writes `<` and `>` of a hook's context as `&lt;` and `&gt;`, so our frames are spelled
// without them, and a text that has such signs says how to read it.

const opening = "[hcom]";
const closing = "[end of hcom]";

/** As the model is to read it. Only our own frames make these signs: letters lose theirs. */
export function plainText(text: string): string {
  const framed = text
    .replace(/\[(hcom|end of hcom)\]/gi, "($1)")
    .replace(/<hcom>/g, `${opening} `)
    .replace(/<\/hcom>/g, ` ${closing}`)
    .replace(/<session-metadata source="hcom">/g, "[session metadata from hcom]")
    .replace(/<\/session-metadata>/g, "[end of session metadata]");
  if (!/[<>]/.test(framed)) return framed;
  return `(Below, &lt; and &gt; stand for the signs less-than and greater-than.)\n${framed}`;
}

/** Back to the frames that our readers know. */
export function withFrames(text: string): string {
  return text.replaceAll(`${opening} `, "<hcom>").replaceAll(` ${closing}`, "</hcom>");
}
